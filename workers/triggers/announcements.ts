import type { Json } from '../../contracts/json.ts';
import { approvalAddress } from '../../flows/approval-link.ts';
import { findUnannounced, markAnnounced, type Announcement } from '../../sql/queries/approval-links.ts';
import { startRun } from './start-run.ts';
import { eachAlone, type Task, type TaskParts } from './task.ts';

const MOST_AT_ONCE = 50;

/**
 * Starts the workflow that an approval names in `announce`. Its input holds the address of the approvals page; what its agents
 * get in that place is a link that decides, made when they start and stored nowhere (workers/signed-input.ts).
 */
export const announcements: Task = {
  name: 'announcements',
  async run(parts) {
    await eachAlone(
      await findUnannounced(parts.db, MOST_AT_ONCE),
      parts,
      ({ approvalId }) => approvalId,
      async (announcement) => {
        const refusal = await announce(announcement, parts);
        if (refusal !== null) {
          const { approvalId, announce: workflow } = announcement;
          parts.log.warn({ approvalId, workflow, refusal }, 'an approval could not be announced');
        }
        await markAnnounced(parts.db, announcement.approvalId);
      },
    );
  },
};

/** @returns why it was refused; null when its run is there */
async function announce(announcement: Announcement, { submitter, links }: TaskParts): Promise<string | null> {
  const { approvalId, announce: workflow, projectId, runId, workflowName } = announcement;
  if (announcement.isAnnouncement) return 'Its run announces another approval: this would have no end';
  const outcome = await startRun(submitter, () => ({
    workflow,
    projectId,
    input: { approval: { ...factsOf(announcement), link: approvalAddress(approvalId, links.publicUrl) } },
    trigger: { type: 'workflow', workflow: workflowName, runId, approvalId },
    idempotency: { scope: 'approval', key: approvalId, requestHash: approvalId },
  }));
  return outcome.started ? null : outcome.message;
}

function factsOf({ approvalId, runId, workflowName, nodeId, message, input, ...rest }: Announcement) {
  return {
    id: approvalId,
    workflow: workflowName,
    runId,
    nodeId,
    message,
    input: input as Json,
    roles: rest.roles,
    requestedAt: rest.requestedAt.toISOString(),
    expiresAt: rest.expiresAt?.toISOString() ?? null,
  };
}
