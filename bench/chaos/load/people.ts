import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './client.ts';

const LOOK_MS = 300;

interface Approval {
  readonly id: string;
  readonly nodeId: string;
}

/** Decides whatever waits for a person, by the name of the node, until told to stop. */
export async function decideApprovals(client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { status, body } = await client.get<Approval[]>('/api/approvals?status=PENDING&limit=100');
    if (status === 200) {
      await Promise.all(
        body.map(({ id, nodeId }) => {
          const decision = nodeId === 'rejected' ? 'REJECTED' : 'APPROVED';
          return client.post(`/api/approvals/${id}/decision`, { decision, respondedBy: 'chaos' });
        }),
      );
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface PausedRun {
  readonly id: string;
  readonly workflowId: string;
}

/**
 * A pause whose caller gave up waiting for the answer may still come true, long after the same caller has resumed the run:
 * its API was stopped for a while. Whoever pauses looks again, until told to stop.
 */
export async function resumeForgotten(client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { status, body } = await client.get<PausedRun[]>('/api/runs?status=PAUSED&limit=100');
    if (status === 200)
      await Promise.all(
        body.map(({ id, workflowId }) => client.post(`/api/workflows/${workflowId}/runs/${id}/resume`)),
      );
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
