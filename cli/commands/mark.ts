import { usageError } from '../exit-codes.ts';
import { findRun, placeOf, RUN_ARGUMENT } from '../find.ts';
import { runPath } from '../run-view/follow-run.ts';
import type { Register, Session } from '../session.ts';
import { wholeNumber } from '../values.ts';

export const registerMark: Register = (runs, { action }) => {
  runs
    .command('mark')
    .description('skip an open node, or give it the output that later ones need; what runs for it is stopped')
    .argument('<run>', RUN_ARGUMENT)
    .argument('<node>')
    .option('--skip', 'it is SKIPPED')
    .option('--output <json>', 'it is a SUCCESS with this output')
    .option('--item <index>', 'one instance of a forEach node', wholeNumber('--item'))
    .addHelpText('after', `\nExamples:\n  commandcenter runs mark @last scan --output '{"findings":[]}'\n`)
    .action(action(mark));
};

interface MarkFlags {
  readonly skip?: boolean;
  readonly output?: string;
  readonly item?: number;
}

async function mark({ client, out, json }: Session, flags: MarkFlags, given: string, node: string): Promise<void> {
  const body = { ...markOf(flags), ...(flags.item !== undefined && { itemIndex: flags.item }) };
  const run = await findRun(client, given);
  const path = `${runPath(placeOf(run))}/nodes/${encodeURIComponent(node)}/mark`;
  const marked = await client.post<{ nodeId: string; status: string }>(path, { body });
  if (json) out.json(marked);
  else out.line(`${run.workflowName}/${marked.nodeId} is ${marked.status}`);
}

function markOf({ skip, output }: MarkFlags) {
  if ((skip === true) === (output !== undefined)) throw usageError('Give either --skip or --output <json>');
  if (output === undefined) return { status: 'SKIPPED' };
  try {
    return { status: 'SUCCESS', output: JSON.parse(output) as unknown };
  } catch {
    throw usageError(`--output ${output} is not JSON: text needs quotes of its own, '"like this"'`);
  }
}
