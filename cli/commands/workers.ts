import { setTimeout as delay } from 'node:timers/promises';
import { CliError, EXIT, usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';
import { wholeNumber } from '../values.ts';
import type { WorkerWire } from '../wire.ts';

const LOOK_EVERY_MS = 500;

export const registerWorkers: Register = (program, { action }) => {
  const workers = program.command('workers').description('the processes that run nodes');
  workers.command('list').description('those heard of in the last hour').action(action(list));
  workers
    .command('drain')
    .description('let workers end what they have and take nothing new; waits until nothing is left')
    .argument('[worker...]', 'ids, or the beginnings of ids')
    .option('--all', 'every worker that is alive: nothing runs until one is resumed or started')
    .option('--timeout <seconds>', 'how long to wait; they go on draining after that', wholeNumber('--timeout'))
    .option('--no-wait', 'only ask them to')
    .addHelpText('after', '\nExamples:\n  commandcenter workers drain worker-1 && docker stop worker-1\n')
    .action(action(drain));
  workers
    .command('resume')
    .description('let workers that drain, or have drained, work again')
    .argument('[worker...]', 'ids, or the beginnings of ids')
    .option('--all', 'every worker that is alive')
    .action(action(resume));
};

interface Choice {
  readonly all?: boolean;
}

interface DrainFlags extends Choice {
  readonly timeout?: number;
  readonly wait: boolean;
}

async function list({ client, out, json }: Session): Promise<void> {
  const workers = await client.get<WorkerWire[]>('/api/workers');
  if (json) {
    out.json(workers);
    return;
  }
  const rows = workers.map((worker) => [
    worker.id,
    stateOf(worker),
    `${worker.running}/${worker.concurrency}`,
    worker.pools.join(', '),
    worker.startedAt,
  ]);
  out.table(['id', 'state', 'runs', 'pools', 'since'], rows);
}

function stateOf({ alive, drainRequestedAt, drainedAt }: WorkerWire): string {
  if (!alive) return 'gone';
  if (drainedAt !== null) return 'drained';
  return drainRequestedAt === null ? 'working' : 'draining';
}

async function drain(session: Session, { timeout, wait, ...choice }: DrainFlags, given: string[] = []): Promise<void> {
  const chosen = await choose(session, choice, given);
  await tell(session, chosen, 'drain');
  const ended = wait ? await follow(session, chosen, timeout) : await readAgain(session, chosen);
  if (session.json) session.out.json(ended);
  else for (const worker of ended) session.out.line(`${worker.id}  ${stateOf(worker)}`);
}

async function resume(session: Session, choice: Choice, given: string[] = []): Promise<void> {
  const chosen = await choose(session, choice, given);
  await tell(session, chosen, 'resume');
  if (session.json) session.out.json(await readAgain(session, chosen));
  else for (const { id } of chosen) session.out.line(`${id}  works again`);
}

/** @throws CliError when nothing is chosen, or a name fits no worker that is alive, or several */
async function choose({ client }: Session, { all = false }: Choice, given: readonly string[]): Promise<WorkerWire[]> {
  if (all === given.length > 0) throw usageError('Name workers, or give --all: commandcenter workers list shows them');
  const alive = (await client.get<WorkerWire[]>('/api/workers')).filter((worker) => worker.alive);
  if (all && alive.length === 0) throw new CliError(EXIT.failed, 'No worker is alive');
  return all ? alive : given.map((name) => find(alive, name));
}

function find(alive: readonly WorkerWire[], name: string): WorkerWire {
  const fitting = alive.filter(({ id }) => id === name || id.startsWith(name));
  const [only, ...others] = fitting;
  if (!only) throw usageError(`No worker that is alive begins with ${name}: commandcenter workers list shows them`);
  if (others.length > 0)
    throw usageError(`${name} begins ${fitting.map(({ id }) => id).join(' and ')}: write more of it`);
  return only;
}

async function tell({ client }: Session, chosen: readonly WorkerWire[], what: 'drain' | 'resume'): Promise<void> {
  for (const { id } of chosen) await client.post(`/api/workers/${encodeURIComponent(id)}/${what}`, { body: {} });
}

/** Says how many nodes are left whenever that changes, until none is. A worker that has gone meanwhile holds nothing. */
async function follow(session: Session, chosen: readonly WorkerWire[], timeout?: number): Promise<WorkerWire[]> {
  const giveUpAt = timeout === undefined ? Infinity : performance.now() + timeout * 1000;
  const said = new Map<string, number>();
  for (;;) {
    const now = await readAgain(session, chosen);
    const open = now.filter(({ alive, drainedAt }) => alive && drainedAt === null);
    for (const { id, running } of open) {
      if (said.get(id) !== running) session.out.note(`${id} still runs ${running}`);
      said.set(id, running);
    }
    if (open.length === 0) return now;
    if (performance.now() > giveUpAt)
      throw new CliError(EXIT.failed, `Not drained within ${timeout} s: ${names(open)}`);
    await delay(LOOK_EVERY_MS);
  }
}

async function readAgain({ client }: Session, chosen: readonly WorkerWire[]): Promise<WorkerWire[]> {
  const ids = new Set(chosen.map(({ id }) => id));
  return (await client.get<WorkerWire[]>('/api/workers')).filter(({ id }) => ids.has(id));
}

function names(workers: readonly WorkerWire[]): string {
  return workers.map(({ id, running }) => `${id} (${running} left)`).join(', ');
}
