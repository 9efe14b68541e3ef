import { lazy, type ComponentType } from 'react';
import type { PageParams } from './page-params.ts';

type Page = ComponentType<{ readonly params: PageParams }>;

interface ConsoleRoute {
  readonly path: string;
  readonly page: Page;
}

/** Every page, in the order in which a path is compared with them. Each is loaded when it is first looked at. */
export const routes: readonly ConsoleRoute[] = [
  { path: '/', page: lazy(() => import('./pages/overview/overview-page.tsx')) },
  { path: '/workflows', page: lazy(() => import('./pages/workflows/workflows-page.tsx')) },
  { path: '/workflows/:workflow', page: lazy(() => import('./pages/workflow/workflow-page.tsx')) },
  { path: '/workflows/:workflow/runs/:run', page: lazy(() => import('./pages/run/run-page.tsx')) },
  { path: '/new-workflow', page: lazy(() => import('./pages/workflow/new-workflow-page.tsx')) },
  { path: '/runs', page: lazy(() => import('./pages/runs/runs-page.tsx')) },
  { path: '/runs/:run', page: lazy(() => import('./pages/run/run-by-id-page.tsx')) },
  { path: '/approvals', page: lazy(() => import('./pages/approvals/approvals-page.tsx')) },
  { path: '/alerts', page: lazy(() => import('./pages/alerts/alerts-page.tsx')) },
  { path: '/agents', page: lazy(() => import('./pages/agents/agents-page.tsx')) },
  { path: '/agents/:agent', page: lazy(() => import('./pages/agents/agent-page.tsx')) },
  { path: '/queues', page: lazy(() => import('./pages/queues/queues-page.tsx')) },
  { path: '/tokens', page: lazy(() => import('./pages/tokens/tokens-page.tsx')) },
  { path: '/doctor', page: lazy(() => import('./pages/doctor/doctor-page.tsx')) },
];

/** What the navigation shows; `key` follows `g` on the keyboard. */
export const navigation = [
  { path: '/', text: 'Overview', key: 'o' },
  { path: '/workflows', text: 'Workflows', key: 'w' },
  { path: '/runs', text: 'Runs', key: 'r' },
  { path: '/approvals', text: 'Approvals', key: 'p' },
  { path: '/alerts', text: 'Alerts', key: 'l' },
  { path: '/agents', text: 'Agents', key: 'a' },
  { path: '/queues', text: 'Queues', key: 'q' },
  { path: '/doctor', text: 'Doctor', key: 'd' },
  { path: '/tokens', text: 'Tokens', key: 't' },
] as const;
