import type { Client } from '../client.ts';
import { formatDuration } from '../duration.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';
import type { AgentWire } from '../wire.ts';

export const registerDoctor: Register = (program, { action }) => {
  program
    .command('doctor')
    .description('look at everything a run needs, and say what to do about what is wrong')
    .option('--repair', 'let the service repair open nodes about which Postgres, queues and workers disagree')
    .action(action(doctor));
};

interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly message: string;
}

type Check = (client: Client) => Promise<Finding[]>;

const CHECKS: readonly Check[] = [checkParts, checkCaller, checkWorkers, checkAgents, checkFlow];

async function doctor({ client, out, json }: Session, { repair }: { repair?: boolean }): Promise<ExitCode> {
  const startedAt = performance.now();
  await client.get('/health');
  const answer: Finding = {
    part: 'service',
    state: 'ok',
    message: `${client.url} answers within ${formatDuration(performance.now() - startedAt)}`,
  };
  const findings = [answer];
  for (const check of CHECKS) findings.push(...(await check(client)));
  findings.push(...(await (repair ? repairOpenNodes(client) : checkOpenNodes(client))));
  if (json) out.json(findings);
  else print(out, findings);
  return findings.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
}

function print(out: Session['out'], findings: readonly Finding[]): void {
  const { green, yellow, red } = out.colours;
  const signs = { ok: green('✓'), warning: yellow('!'), failed: red('✗') };
  for (const { part, state, message } of findings) out.line(`${signs[state]} ${part.padEnd(12)} ${message}`);
}

const NEEDED = new Set(['database', 'migrations']);
const ADVICE: Readonly<Record<string, string>> = {
  database: 'Start Postgres or correct DATABASE_URL: no run can be accepted without it.',
  migrations: 'Run `npm run migrate`.',
  redis: 'Start Redis or correct REDIS_URL: runs are accepted and wait for it.',
  nats: 'Start NATS or correct NATS_URL: events wait in the outbox.',
  executor: 'Look at the worker’s log: agents cannot be started.',
};

/** The parts of `/health/ready`, which answers 503 when one that is needed is away. */
async function checkParts(client: Client): Promise<Finding[]> {
  const response = await fetch(`${client.url}/health/ready`);
  const { parts = {} } = (await response.json()) as { parts?: Record<string, { status: string; error?: string }> };
  return Object.entries(parts).map(([part, { status, error }]): Finding => {
    if (status === 'ok') return { part, state: 'ok', message: 'answers' };
    if (status === 'off') return { part, state: 'ok', message: 'off' };
    const state = NEEDED.has(part) ? 'failed' : 'warning';
    return { part, state, message: [error, ADVICE[part]].filter(Boolean).join('. ') };
  });
}

async function checkCaller(client: Client): Promise<Finding[]> {
  const { name, scope, via } = await client.get<{ name: string; scope: string; via: string }>('/api/session');
  return [{ part: 'you', state: 'ok', message: `${name}, ${scope} (${via})` }];
}

async function checkWorkers(client: Client): Promise<Finding[]> {
  const workers = await client.get<{ alive: boolean; concurrency: number; running: number }[]>('/api/workers');
  const alive = workers.filter((worker) => worker.alive);
  const slots = alive.reduce((sum, { concurrency }) => sum + concurrency, 0);
  const running = alive.reduce((sum, worker) => sum + worker.running, 0);
  if (alive.length === 0) {
    return [{ part: 'workers', state: 'failed', message: 'none is alive. Start one: npm run start:worker' }];
  }
  return [{ part: 'workers', state: 'ok', message: `${alive.length} alive, ${running} of ${slots} slots in use` }];
}

async function checkAgents(client: Client): Promise<Finding[]> {
  const agents = await client.list<AgentWire>('/api/agents');
  if (agents.length === 0) {
    return [{ part: 'agents', state: 'warning', message: 'none is registered: is AGENTS_DIR right?' }];
  }
  const paused = agents.filter(({ pausedAt }) => pausedAt !== null).map(({ name }) => name);
  const suffix = paused.length === 0 ? '' : `, paused: ${paused.join(', ')}`;
  return [
    { part: 'agents', state: paused.length === 0 ? 'ok' : 'warning', message: `${agents.length} registered${suffix}` },
  ];
}

interface Overview {
  readonly pendingApprovals: number;
  readonly oldestReadySeconds: number;
  readonly outbox: { readonly pending: number; readonly lagSeconds: number };
  readonly failing: readonly { readonly workflowName: string; readonly failed: number }[];
}
const SLOW_QUEUE_SECONDS = 30;
const SLOW_OUTBOX_SECONDS = 60;

async function checkFlow(client: Client): Promise<Finding[]> {
  const { oldestReadySeconds, outbox, failing, pendingApprovals } = await client.get<Overview>('/api/overview');
  const waits = oldestReadySeconds > SLOW_QUEUE_SECONDS;
  const lags = outbox.lagSeconds > SLOW_OUTBOX_SECONDS;
  return [
    {
      part: 'queue',
      state: waits ? 'warning' : 'ok',
      message: waits
        ? `a node has waited ${formatDuration(oldestReadySeconds * 1000)} for a worker: add workers or WORKER_CONCURRENCY`
        : 'nothing waits long for a worker',
    },
    {
      part: 'outbox',
      state: lags ? 'warning' : 'ok',
      message: `${outbox.pending} events to publish${lags ? `, the oldest for ${formatDuration(outbox.lagSeconds * 1000)}: is NATS well?` : ''}`,
    },
    ...(pendingApprovals > 0 ? [waitingForPeople(pendingApprovals)] : []),
    ...failing.slice(0, 5).map(failingWorkflow),
  ];
}

interface OpenNode {
  readonly workflowName: string;
  readonly disagreement: { readonly message: string; readonly repair: string } | null;
}

/** Whether Postgres, the queues and the workers agree about what is open. */
async function checkOpenNodes(client: Client): Promise<Finding[]> {
  const open = await client.get<OpenNode[]>('/api/doctor', { limit: 500 });
  const ill = open.flatMap(({ workflowName, disagreement }) =>
    disagreement ? [{ workflowName, message: disagreement.message }] : [],
  );
  if (ill.length === 0) return [{ part: 'open nodes', state: 'ok', message: `${open.length} in order` }];
  const advice = 'The reconciler repairs it within seconds; at once: commandcenter doctor --repair';
  return ill.map(({ workflowName, message }) => ({
    part: 'open nodes',
    state: 'warning',
    message: `${workflowName}: ${message}. ${advice}`,
  }));
}

async function repairOpenNodes(client: Client): Promise<Finding[]> {
  const done = await client.post<{ kind: string; repair: string }[]>('/api/doctor/repair', { body: {} });
  if (done.length === 0) return [{ part: 'open nodes', state: 'ok', message: 'nothing had to be repaired' }];
  return done.map(({ kind, repair }) => ({ part: 'open nodes', state: 'warning', message: `${kind}: it ${repair}` }));
}

function waitingForPeople(count: number): Finding {
  return { part: 'approvals', state: 'ok', message: `${count} wait for a person: commandcenter approvals list` };
}

function failingWorkflow({ workflowName, failed }: Overview['failing'][number]): Finding {
  const look = `commandcenter runs list --workflow ${workflowName} --status FAILED`;
  return { part: 'failing', state: 'warning', message: `${workflowName}, ${failed} of its runs within a day: ${look}` };
}
