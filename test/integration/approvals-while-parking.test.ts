import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { needsServer } from '../support/services.ts';

const APPROVALS = 200;
const PER_RUN = 20;

describe('two hundred approvals that are decided while their nodes are being parked', () => {
  let engine: TestEngine;
  const calls = new Map<string, number>();

  before(async function () {
    this.timeout(300_000);
    needsServer(this, 'redis');
    engine = await startTestEngine({
      workers: 2,
      agents: {
        act: (_, { idempotencyKey }) => {
          calls.set(idempotencyKey, (calls.get(idempotencyKey) ?? 0) + 1);
          return 'done';
        },
      },
    });
  });
  after(async function () {
    this.timeout(300_000);
    await engine?.close();
  });

  const pending = () =>
    engine.db.anyFirst(sql.type(z.object({ id: z.string() }))`SELECT id FROM "Approval" WHERE status = 'PENDING'`);

  it('lose none, and each counts once', async function () {
    this.timeout(300_000);
    const nodes = Array.from({ length: PER_RUN }, (_, index) => ({
      id: `n${String(index)}`,
      agent: 'act',
      approval: true,
    }));
    await engine.define({ name: 'asking', nodes });
    const runs = await Promise.all(Array.from({ length: APPROVALS / PER_RUN }, () => engine.submit('asking')));
    const decided = new Set<string>();
    let refused = 0;
    // Each is decided the moment its row is there: its worker has just committed it, and its job is not parked yet.
    while (decided.size < APPROVALS) {
      const waiting = (await pending()).filter((id) => !decided.has(id));
      await Promise.all(
        waiting.map(async (id) => {
          decided.add(id);
          const twice = ['ann', 'bob'].map((respondedBy) =>
            engine.flows.control.decide(id, { decision: 'APPROVED', respondedBy }),
          );
          const outcomes = await Promise.allSettled(twice);
          refused += outcomes.filter(({ status }) => status === 'rejected').length;
        }),
      );
    }
    for (const runId of runs) assert.equal((await engine.ended(runId, 60_000)).status, 'SUCCESS');
    assert.equal(refused, APPROVALS, 'of two decisions one is refused');
    assert.equal(calls.size, APPROVALS);
    assert.ok([...calls.values()].every((count) => count === 1));
    for (const runId of runs) {
      const types = (await engine.events(runId)).map(({ type }) => type);
      assert.equal(types.filter((type) => type === 'approval.decided').length, PER_RUN);
    }
  });
});
