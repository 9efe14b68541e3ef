import { useEffect, useState } from 'react';
import { Link, usePath } from '../router.tsx';
import { navigation } from '../routes.tsx';
import { useOverview } from '../session/overview.ts';
import { theme, timeStyle, usePreference } from '../session/preferences.ts';
import { useSession } from '../session/session.ts';
import { Choice } from './choice.tsx';

const TIME_TEXT = { relative: 'Ago', local: 'Local', utc: 'UTC' } as const;

export function Sidebar({ onHelp }: { readonly onHelp: () => void }) {
  const [open, setOpen] = useState(false);
  const path = usePath();
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="sidebar" data-open={open ? '' : undefined} role="banner">
      <div className="sidebar-head">
        <Link to="/" className="brand">
          <img src="/icon.svg" alt="" />
          commandcenter
        </Link>
        <button type="button" className="button menu-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          Menu
        </button>
      </div>
      <Navigation path={path} />
      <SidebarFoot onHelp={onHelp} />
    </div>
  );
}

function Navigation({ path }: { readonly path: string }) {
  const waiting = useOverview().data?.pendingApprovals ?? 0;
  return (
    <nav aria-label="Pages">
      <ul className="nav-list">
        {navigation.map(({ path: to, text }) => (
          <li key={to}>
            <Link to={to} aria-current={isWithin(path, to) ? 'page' : undefined}>
              {text}
              {to === '/approvals' && waiting > 0 && (
                <span className="badge" data-tone="violet">
                  {waiting}
                  <span className="visually-hidden"> waiting</span>
                </span>
              )}
            </Link>
          </li>
        ))}
        <li>
          <a href="/docs">API</a>
        </li>
      </ul>
    </nav>
  );
}

function isWithin(path: string, to: string): boolean {
  return path === to || (to !== '/' && path.startsWith(`${to}/`));
}

function SidebarFoot({ onHelp }: { readonly onHelp: () => void }) {
  const session = useSession();
  return (
    <div className="sidebar-foot">
      <Choice
        label="Colours"
        choices={theme.choices}
        chosen={usePreference(theme)}
        onChoose={theme.choose}
        text={capitalised}
      />
      <Choice
        label="Times"
        choices={timeStyle.choices}
        chosen={usePreference(timeStyle)}
        onChoose={timeStyle.choose}
        text={(style) => TIME_TEXT[style]}
      />
      {session && (
        <p className="muted wrap-anywhere">
          {session.name}, {session.scope}
        </p>
      )}
      <div className="row tight">
        <button type="button" className="button quiet" onClick={onHelp}>
          Keyboard <kbd>?</kbd>
        </button>
        {session?.via === 'session' && (
          <button type="button" className="button quiet" onClick={() => void logOut()}>
            Log out
          </button>
        )}
      </div>
    </div>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function logOut(): Promise<void> {
  const response = await fetch('/logout', { method: 'POST' });
  const { logoutUrl = '/' } = response.status === 200 ? ((await response.json()) as { logoutUrl?: string }) : {};
  location.assign(logoutUrl);
}
