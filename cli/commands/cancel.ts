import { formatDuration } from '../duration.ts';
import { findRun, placeOf, RUN_ARGUMENT } from '../find.ts';
import { runPath } from '../run-view/follow-run.ts';
import type { Register, Session } from '../session.ts';

export const registerCancel: Register = (runs, { action }) => {
  runs
    .command('cancel')
    .description('cancel a run, and tell what was stopped')
    .argument('<run>', RUN_ARGUMENT)
    .action(action(cancel));
};

interface Receipt {
  readonly status: string;
  readonly stopped: readonly {
    readonly nodeId: string;
    readonly itemIndex: number | null;
    readonly how: string;
    readonly ms: number;
  }[];
  readonly children: readonly string[];
  readonly ms: number;
}

async function cancel({ client, out, json }: Session, _: unknown, given: string): Promise<void> {
  const run = await findRun(client, given);
  const receipt = await client.post<Receipt>(`${runPath(placeOf(run))}/cancel`);
  if (json) {
    out.json(receipt);
    return;
  }
  out.line(`${run.workflowName} ${run.id} is ${receipt.status} after ${formatDuration(receipt.ms)}`);
  for (const { nodeId, itemIndex, how, ms } of receipt.stopped) {
    out.line(
      `  ${nodeId}${itemIndex === null ? '' : `[${itemIndex}]`}: ${how}${how === 'not started' ? '' : ` in ${formatDuration(ms)}`}`,
    );
  }
  for (const child of receipt.children) out.line(`  sub-workflow run ${child} cancelled`);
}
