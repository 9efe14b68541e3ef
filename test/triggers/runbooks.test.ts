import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'slonik';
import { z } from 'zod';
import { startRoom, type TestRoom } from '../http/support/room.ts';
import { waitFor } from '../support/wait-for.ts';

const folder = new URL('../../examples/runbooks/', import.meta.url);

/** The alert that each runbook is for, and what its run ends with when the alert is resolved. */
const ALERTS: Record<string, Record<string, string>> = {
  'certificate-expiring': { alertname: 'CertificateExpiring', instance: 'https://www.example' },
  'disk-full': { alertname: 'DiskFull', instance: 'db-1' },
  'high-error-rate': { alertname: 'HighErrorRate', service: 'shop' },
  'node-down': { alertname: 'NodeDown', job: 'node', instance: 'node-1' },
  'pod-crash-loop': { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'cart-1', deployment: 'cart' },
};

describe('the runbooks', () => {
  let room: TestRoom;
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

  before(async function () {
    room = await startRoom({
      agents: {
        shell: () => ({ exitCode: 0, stdout: 'done', stderr: '' }),
        kubernetes: () => ({ logs: [{ pod: 'cart-1', text: 'out of memory' }] }),
        'http-check': () => ({ healthy: true, status: 200 }),
        'prometheus-query': () => ({ holds: true, value: 0.2, series: [] }),
        notifier: (input) => ({ success: true, message: (input as { message: string }).message }),
      },
    });
    for (const file of files) {
      const definition = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
        triggers: { groupWindowSeconds?: number }[];
      };
      for (const trigger of definition.triggers) if (trigger.groupWindowSeconds) trigger.groupWindowSeconds = 1;
      const { status, text } = await room.post('/api/workflows', definition);
      assert.equal(status, 201, `${file}: ${text}`);
    }
  });
  after(() => room.close());

  it('all have an alert here', () => {
    assert.deepEqual(
      files.map((file) => file.replace('.json', '')),
      Object.keys(ALERTS),
    );
  });

  for (const [name, labels] of Object.entries(ALERTS)) {
    it(`${name} runs for its alert, with a person's consent, until the alert ends`, async function () {
      const alert = {
        status: 'firing',
        labels,
        annotations: { summary: 'It hurts' },
        startsAt: new Date().toISOString(),
      };
      const send = (status: string) =>
        room.post('/api/webhooks/alertmanager', { version: '4', alerts: [{ ...alert, status }] });
      assert.equal((await send('firing')).status, 202);
      const runs = async () => (await room.get(`/api/workflows/${name}/runs`)).body as { id: string }[];
      await waitFor(async () => (await runs()).length === 1, { timeoutMs: 10_000, describe: 'the run' });
      const [run] = await runs();
      const runId = run?.id ?? '';
      await waitFor(() => consent(runId), { timeoutMs: 15_000, describe: 'the run to wait for the end of the alert' });
      await send('resolved');
      const ended = await room.engine.ended(runId);
      assert.equal(ended.status, 'SUCCESS', JSON.stringify(ended));
    });
  }

  /** Approves what is asked. @returns true when the run waits for the end of its alert */
  async function consent(runId: string): Promise<boolean> {
    for (const { id } of (await room.get(`/api/approvals?status=PENDING&workflowRunId=${runId}`)).body as {
      id: string;
    }[])
      await room.post(`/api/approvals/${id}/decision`, { decision: 'APPROVED', respondedBy: 'me' });
    const waits = await room.engine.db.anyFirst(sql.type(z.object({ id: z.string() }))`
      SELECT id FROM "AgentRun" WHERE "runId" = ${runId} AND "waitingFor" = 'resolved' AND "finishedAt" IS NULL`);
    return waits.length > 0;
  }
});
