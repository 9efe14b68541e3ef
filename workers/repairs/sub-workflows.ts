import { asNodeResult } from '../../flows/aftermath.ts';
import type { Json } from '../../contracts/json.ts';
import { findForgottenChildren, findOrphanRuns } from '../../sql/queries/reconcile.ts';
import { findRunResult } from '../../sql/queries/results.ts';
import { startChild } from '../decide.ts';
import { eachAlone, type Repair } from './repair.ts';

/** A node hears of the end of its sub-workflow, or starts one that never began; a run that lost its parent is cancelled. */
export const subWorkflows: Repair = {
  kind: 'sub_workflow',
  async run(parts, repaired) {
    await eachAlone(
      await findForgottenChildren(parts.db),
      parts,
      ({ agentRunId }) => agentRunId,
      async ({ runId, agentRunId, childRunId, childStatus, nodeIndex, versionId, depth, projectId, input }) => {
        if (childStatus === null) {
          const { node } = (await parts.plans.get(versionId)).nodes[nodeIndex] ?? {};
          if (node?.kind !== 'workflow') return;
          const child = { workflow: node.workflow, input: input as Json, runId: childRunId };
          await startChild({ job: { runId }, agentRunId, depth, projectId, child }, parts);
        } else {
          const result = asNodeResult(childRunId, await findRunResult(parts.db, childRunId));
          await parts.engine.settle({ runId, agentRunId, token: null, ...result });
        }
        await repaired(runId);
      },
    );
    await eachAlone(
      await findOrphanRuns(parts.db),
      parts,
      ({ id }) => id,
      async ({ id, parentRunId }) => {
        const errorMessage = `Its parent run ${parentRunId} has ended`;
        await parts.engine.cancel({
          runId: id,
          by: 'parent run',
          endAs: 'CANCELLED',
          errorCode: 'CANCELLED',
          errorMessage,
        });
        await repaired(id);
      },
    );
  },
};
