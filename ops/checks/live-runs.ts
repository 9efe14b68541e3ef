import { waitFor } from '../../test/support/wait-for.ts';
import type { LiveStack } from './live-stack.ts';

/** Two workflows: one that succeeds, one whose agent fails and is tried again. */
const SUCCEEDS = {
  name: 'ops-succeeds',
  nodes: [
    { id: 'tell', agent: 'notifier', input: { channel: 'console', message: 'all is well' } },
    { id: 'count', transform: '1 + 1' },
  ],
  edges: [{ from: 'tell', to: 'count' }],
};
const FAILS = {
  name: 'ops-fails',
  nodes: [
    {
      id: 'scan',
      agent: 'security-scanner',
      input: { repositoryPath: '{{ input.repositoryPath }}' },
      retry: { attempts: 2, backoff: { type: 'fixed', delayMs: 10 } },
    },
  ],
  edges: [],
};

export interface LiveRuns {
  readonly workflowId: string;
  readonly succeeded: string;
  readonly failed: string;
}

/** Stores both workflows, runs each to its end, and hands over an alert that starts a run of its own. */
export async function doLiveRuns({ apiUrl, folder }: Pick<LiveStack, 'apiUrl' | 'folder'>): Promise<LiveRuns> {
  const { id: workflowId } = await post<{ id: string }>(`${apiUrl}/api/workflows`, SUCCEEDS);
  await post(`${apiUrl}/api/workflows`, FAILS);
  const [succeeded, failed] = await repeatLiveRuns({ apiUrl, folder });
  return { workflowId, succeeded, failed };
}

/** Runs both workflows once more. */
export async function repeatLiveRuns({
  apiUrl,
  folder,
}: Pick<LiveStack, 'apiUrl' | 'folder'>): Promise<[string, string]> {
  const alert = { labels: { alertname: 'OpsCheck' }, startsAt: new Date().toISOString() };
  await post(`${apiUrl}/api/webhooks/alertmanager`, { alerts: [alert] });
  const succeeded = await run(apiUrl, 'ops-succeeds', {});
  const failed = await run(apiUrl, 'ops-fails', { repositoryPath: `${folder}/missing` });
  await waitFor(
    async () => (await get<unknown[]>(`${apiUrl}/api/runs?trigger=alertmanager&status=SUCCESS`)).length > 0,
    {
      timeoutMs: 30_000,
      describe: 'the run that an alert started',
    },
  );
  return [succeeded, failed];
}

async function run(apiUrl: string, name: string, input: object): Promise<string> {
  const { workflowRunId } = await post<{ workflowRunId: string }>(`${apiUrl}/api/workflows/${name}/trigger`, { input });
  await get(`${apiUrl}/api/workflows/${name}/runs/${workflowRunId}?wait=30`);
  return workflowRunId;
}

async function post<T>(url: string, body: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return read<T>(response);
}

async function get<T>(url: string): Promise<T> {
  return read<T>(await fetch(url));
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
