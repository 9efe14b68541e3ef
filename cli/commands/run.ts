import { usageError, type ExitCode } from '../exit-codes.ts';
import { findWorkflow, workflowPath } from '../find.ts';
import { exitCodeOf, printResult } from '../run-view/result.ts';
import { followRun, type RunPlace } from '../run-view/follow-run.ts';
import { watchRun } from '../run-view/watch-run.ts';
import { readInput, type InputFlags } from '../run-input.ts';
import type { Register, Session } from '../session.ts';
import { collect, readPair, wholeNumber } from '../values.ts';
import type { AcceptedRun } from '../wire.ts';

export const registerRun: Register = (program, { action }) => {
  program
    .command('run')
    .description('start a run of a workflow')
    .argument('<name>', 'name or id of the workflow')
    .option('-i, --input <key=value>', 'a field of the input; the value may be JSON; may be repeated', collect)
    .option('--input-file <path>', 'the input as JSON or YAML; - is stdin')
    .option('-w, --watch', 'show it live until it has ended')
    .option('--wait', 'wait for its end, then show the result')
    .option('-l, --label <key=value>', 'to find it by; may be repeated', collect)
    .option('--version <number>', 'an earlier version of the workflow', wholeNumber('--version'))
    .option('--idempotency-key <key>', 'the same key within a day starts nothing twice')
    .addHelpText(
      'after',
      `
Examples:
  commandcenter run full-analysis --watch --input repositoryPath=/workspace/app
  commandcenter run example-map --wait --input hosts='["alpha","beta"]'
  echo '{"hosts":["alpha"]}' | commandcenter run example-map --input-file - --json
`,
    )
    .action(action(run));
};

interface RunFlags extends InputFlags {
  readonly watch?: boolean;
  readonly wait?: boolean;
  readonly label?: readonly string[];
  readonly version?: number;
  readonly idempotencyKey?: string;
}

async function run(session: Session, flags: RunFlags, name: string): Promise<ExitCode | void> {
  if (flags.watch && flags.wait) throw usageError('--watch shows the run until its end already: leave --wait out');
  const accepted = await trigger(session, flags, name);
  const place = { workflow: accepted.workflowId, runId: accepted.workflowRunId };
  if (flags.watch || flags.wait) return seeThrough(session, place, flags.watch === true);
  const { out, json } = session;
  if (json) out.json(accepted);
  else {
    out.line(accepted.workflowRunId);
    out.note(
      `${accepted.workflowName} is ${accepted.status}. See it: commandcenter runs watch ${accepted.workflowRunId}`,
    );
  }
}

async function trigger({ client, world }: Session, flags: RunFlags, name: string): Promise<AcceptedRun> {
  const workflow = await findWorkflow(client, name);
  const input = await readInput(flags, workflow.inputSchema, world);
  const labels = flags.label?.map((label) => readPair(label, '--label'));
  const headers = flags.idempotencyKey === undefined ? {} : { 'Idempotency-Key': flags.idempotencyKey };
  const body = { ...(input !== undefined && { input }), ...(labels && { labels: Object.fromEntries(labels) }) };
  return client.post<AcceptedRun>(
    `${workflowPath(workflow.id)}/trigger`,
    { body, headers },
    { version: flags.version },
  );
}

/**
 * Follows a run to its end, on screen or silently, and tells how it went. As JSON: one line per event while watched,
 * else the run as it ended.
 */
export async function seeThrough({ client, out, json }: Session, place: RunPlace, watched: boolean): Promise<ExitCode> {
  const ended = watched ? await watchRun(place, { client, out, json }) : await followRun(client, place);
  if (json && !watched) out.json(ended);
  if (!json) {
    if (watched) out.line();
    printResult(out, ended);
  }
  return exitCodeOf(ended);
}
