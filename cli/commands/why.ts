import { isTerminal } from '../../contracts/statuses.ts';
import { usageError } from '../exit-codes.ts';
import { findRun, placeOf, RUN_ARGUMENT } from '../find.ts';
import { runPath } from '../run-view/follow-run.ts';
import { markOf, paintOf } from '../run-view/marks.ts';
import { printResult } from '../run-view/result.ts';
import type { Register, Session } from '../session.ts';
import type { BlockingReason, RunWire } from '../wire.ts';

export const registerWhy: Register = (runs, { action }) => {
  runs
    .command('why')
    .description('why a run does not go on: one reason for each node that has not ended')
    .argument('<run>', RUN_ARGUMENT)
    .argument('[node]', 'of one node')
    .action(action(why));
};

async function why({ client, out, json }: Session, _: unknown, given: string, nodeId?: string): Promise<void> {
  const place = placeOf(await findRun(client, given));
  const run = await client.get<RunWire>(runPath(place));
  const asked = run.agentRuns.filter((node) =>
    nodeId === undefined ? !isTerminal(node.status) : node.nodeId === nodeId,
  );
  if (nodeId !== undefined && asked.length === 0) throw usageError(`The run has no node ${nodeId}`);
  const reasons = [];
  for (const node of asked) {
    const reason = await client.get<BlockingReason>(`${runPath(place)}/agent-runs/${node.id}/why`);
    reasons.push({ node: node.nodeId, itemIndex: node.itemIndex, status: node.status, ...reason });
  }
  if (json) {
    out.json(reasons);
    return;
  }
  if (isTerminal(run.status) && nodeId === undefined) printResult(out, run);
  for (const { node, itemIndex, status, message } of reasons) {
    const name = `${markOf(status)} ${node}${itemIndex === null ? '' : `[${itemIndex}]`}`;
    out.line(`${paintOf(out.colours, status)(name)}  ${message}`);
  }
}
