import { Suspense, useMemo, useState } from 'react';
import { ConnectionBanner } from './components/connection-banner.tsx';
import { Loading } from './components/loading.tsx';
import { PageBoundary } from './components/page-boundary.tsx';
import { ShortcutsDialog } from './components/shortcuts-dialog.tsx';
import { Sidebar } from './components/sidebar.tsx';
import { NotFound } from './pages/not-found.tsx';
import { matchPath, navigate, usePath } from './router.tsx';
import { navigation, routes } from './routes.tsx';
import { focusSearch, moveRow, useShortcuts, type Shortcut } from './session/keyboard.ts';

export function App() {
  const [helping, help] = useState(false);
  const shortcuts = useMemo(() => globalShortcuts(() => help(true)), []);
  useShortcuts(shortcuts);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        To the content
      </a>
      <Sidebar onHelp={() => help(true)} />
      <div className="content">
        <main id="main" tabIndex={-1}>
          <ConnectionBanner />
          <CurrentPage />
        </main>
      </div>
      {helping && <ShortcutsDialog shortcuts={shortcuts} onClose={() => help(false)} />}
    </div>
  );
}

function CurrentPage() {
  const path = usePath();
  for (const { path: pattern, page: Page } of routes) {
    const params = matchPath(pattern, path);
    if (!params) continue;
    return (
      <PageBoundary key={path}>
        <Suspense fallback={<Loading what="the page" since={null} />}>
          <Page params={params} />
        </Suspense>
      </PageBoundary>
    );
  }
  return <NotFound />;
}

function globalShortcuts(help: () => void): Shortcut[] {
  const go = navigation.map(({ path, text, key }) => ({
    keys: `g ${key}`,
    what: `Go to ${text}`,
    run: () => navigate(path),
  }));
  return [
    { keys: '/', what: 'Search', run: () => focusSearch() || navigate('/runs?focus=search') },
    { keys: 'j', what: 'Next row', run: () => moveRow(1) },
    { keys: 'k', what: 'Row before', run: () => moveRow(-1) },
    ...go,
    { keys: '?', what: 'This list', run: help },
  ];
}
