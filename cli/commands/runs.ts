import { isTerminal } from '../../contracts/statuses.ts';
import { formatAge, formatDuration } from '../duration.ts';
import { usageError, type ExitCode } from '../exit-codes.ts';
import { findRun, placeOf, RUN_ARGUMENT } from '../find.ts';
import { clip, oneLine } from '../output.ts';
import { readInput, type InputFlags } from '../run-input.ts';
import { runPath } from '../run-view/follow-run.ts';
import { paintOf } from '../run-view/marks.ts';
import { printResult } from '../run-view/result.ts';
import type { Register, Session } from '../session.ts';
import { collect, wholeNumber } from '../values.ts';
import type { AcceptedRun, RunSummaryWire, RunWire } from '../wire.ts';
import { registerCancel } from './cancel.ts';
import { registerLogs } from './logs.ts';
import { registerMark } from './mark.ts';
import { seeThrough } from './run.ts';
import { registerWhy } from './why.ts';

export const registerRuns: Register = (program, actions) => {
  const { action } = actions;
  const runs = program.command('runs').description('what ran and runs');
  runs
    .command('list')
    .description('runs, newest first')
    .option('-s, --status <status>', 'one status, or several with commas between')
    .option('--workflow <name>', 'of one workflow')
    .option('--trigger <type>', 'api, schedule, alertmanager, grafana, nats, webhook, workflow or retry')
    .option('-l, --label <name[=value]>', 'all of them must hold; may be repeated', collect)
    .option('-q, --query <text>', 'part of the id, the name, a label or the error')
    .option('--from <time>', 'created at or after (ISO 8601)')
    .option('--to <time>', 'created before')
    .option('--limit <count>', 'at most so many', wholeNumber('--limit'), 20)
    .action(action(list));
  runs.command('get').description('a run with its nodes').argument('<run>', RUN_ARGUMENT).action(action(get));
  runs
    .command('watch')
    .description('show a run live until it has ended')
    .argument('<run>', RUN_ARGUMENT)
    .action(action(watch));
  registerCancel(runs, actions);
  runs
    .command('retry')
    .description('run again as a new run; what succeeded is taken over')
    .argument('<run>', RUN_ARGUMENT)
    .option('--from-start', 'take nothing over')
    .option('--node <id>', 'this node and all that follow it; may be repeated', collect)
    .option('-i, --input <key=value>', 'change a field of the input; may be repeated', collect)
    .option('--input-file <path>', 'another input, as JSON or YAML')
    .option('-w, --watch', 'show the new run live until it has ended')
    .action(action(retry));
  for (const verb of ['pause', 'resume'] as const) {
    runs
      .command(verb)
      .description(verb === 'pause' ? 'start nothing new; attempts under way finish' : 'go on with a paused run')
      .argument('<run>', RUN_ARGUMENT)
      .action(action((session: Session, _: unknown, given: string) => setPaused(session, given, verb)));
  }
  registerMark(runs, actions);
  registerLogs(runs, actions);
  registerWhy(runs, actions);
};

interface ListFlags {
  readonly status?: string;
  readonly workflow?: string;
  readonly trigger?: string;
  readonly label?: readonly string[];
  readonly query?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

async function list(
  { client, out, json }: Session,
  { status, workflow, trigger, label, query, from, to, limit }: ListFlags,
): Promise<void> {
  const filter = { status: status?.toUpperCase(), workflow, trigger, label, q: query, from, to };
  const runs = await client.list<RunSummaryWire>('/api/runs', filter, limit);
  if (json) {
    out.json(runs);
    return;
  }
  if (runs.length === 0) {
    out.note('No run fits.');
    return;
  }
  const rows = runs.map((run) => [
    run.id,
    run.workflowName,
    paintOf(out.colours, run.status)(run.status),
    run.trigger.type,
    formatAge(run.createdAt, Date.now()),
    formatDuration(run.durationMs),
    out.colours.dim(clip(oneLine(run.error?.message ?? ''), 60)),
  ]);
  out.table(['run', 'workflow', 'status', 'by', 'started', 'time', ''], rows);
}

async function get({ client, out, json }: Session, _: unknown, given: string): Promise<void> {
  const run = await client.get<RunWire>(runPath(placeOf(await findRun(client, given))));
  if (json) {
    out.json(run);
    return;
  }
  out.line(
    `${run.id}  ${run.workflowName} version ${run.workflowVersion}, by ${run.trigger.type}, ${formatAge(run.createdAt, Date.now())}`,
  );
  out.line(`input   ${clip(JSON.stringify(run.input), 200)}`);
  if (run.retryOf !== null) out.line(`retries ${run.retryOf}`);
  out.line();
  printResult(out, run);
  if (run.output !== null) out.line(`output  ${JSON.stringify(run.output, null, 2)}`);
}

async function watch(session: Session, _: unknown, given: string): Promise<ExitCode> {
  return seeThrough(session, placeOf(await findRun(session.client, given)), true);
}

interface RetryFlags extends InputFlags {
  readonly fromStart?: boolean;
  readonly node?: readonly string[];
  readonly watch?: boolean;
}

async function retry(session: Session, flags: RetryFlags, given: string): Promise<ExitCode | void> {
  const { client, out, json } = session;
  if (flags.fromStart && flags.node) throw usageError('--from-start runs every node: leave --node out');
  const run = await findRun(client, given);
  const changed = await readInput(flags, undefined, session.world);
  // single fields change the input that there was; a file replaces it
  const input = changed && flags.inputFile === undefined ? { ...(run.input as object), ...changed } : changed;
  const what = flags.node ? { nodes: flags.node } : { from: flags.fromStart ? 'start' : 'failed' };
  const accepted = await client.post<AcceptedRun>(`${runPath(placeOf(run))}/retry`, {
    body: { ...what, ...(input !== undefined && { input }) },
  });
  if (flags.watch) return seeThrough(session, { workflow: accepted.workflowId, runId: accepted.workflowRunId }, true);
  if (json) out.json(accepted);
  else out.line(accepted.workflowRunId);
}

async function setPaused({ client, out, json }: Session, given: string, verb: 'pause' | 'resume'): Promise<void> {
  const run = await findRun(client, given);
  if (isTerminal(run.status)) throw usageError(`Run ${run.id} has ended: it is ${run.status}`);
  const state = await client.post<{ status: string }>(`${runPath(placeOf(run))}/${verb}`);
  if (json) out.json(state);
  else out.line(`${run.workflowName} ${run.id} is ${state.status}`);
}
