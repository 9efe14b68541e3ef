import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { NO_ROWS } from '../../sql/no-rows.ts';
import { createRest } from '../../workers/rest.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { storeRuns } from '../support/stored-runs.ts';

const ID = randomUUID();
const LONG_AGO = sql.fragment`now() - interval '1 hour'`;
const FORGET_RUNS = sql.type(NO_ROWS)`UPDATE "WorkflowRun" SET status = 'CANCELLED', "finishedAt" = ${LONG_AGO}`;

describe('a loop that may rest', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());

  it('looks at everything first, and rests when nothing is under way', async () => {
    const mayRest = createRest(database.db).forLoop('runs');
    assert.deepEqual([await mayRest(), await mayRest(), await mayRest()], [false, true, true]);
  });

  it('does not rest while a run is open, has just ended, or was ended by hand', async () => {
    const { db } = database;
    await createRun('one');
    assert.equal(await rests(), false, 'open');
    await db.query(sql.type(NO_ROWS)`UPDATE "WorkflowRun" SET status = 'CANCELLED', "finishedAt" = now()`);
    assert.equal(await rests(), false, 'just ended');
    await db.query(FORGET_RUNS);
    await db.query(sql.type(NO_ROWS)`UPDATE "WorkflowRun" SET "cleanupNeeded" = true`);
    assert.equal(await rests(), false, 'ended by hand');
    await db.query(sql.type(NO_ROWS)`UPDATE "WorkflowRun" SET "cleanupNeeded" = false`);
    assert.equal(await rests(), true, 'over');
  });

  const UNDER_WAY = {
    'alerts are gathered': [
      sql.type(NO_ROWS)`INSERT INTO "AlertGroup" ("triggerId", "workflowId", key, labels, "closesAt", envelope)
        VALUES ('t', ${ID}, 'k', '{}', now(), '{}')`,
      sql.type(NO_ROWS)`UPDATE "AlertGroup" SET "closedAt" = now()`,
    ],
    'a target is locked': [
      sql.type(NO_ROWS)`INSERT INTO "TargetLock" (key, "agentRunId", "runId", "nodeId", mode, "workerId", "leaseUntil")
        VALUES ('k', ${ID}, ${ID}, 'n', 'shared', 'w', now())`,
      sql.type(NO_ROWS)`DELETE FROM "TargetLock"`,
    ],
    'a node waits for a target': [
      sql.type(NO_ROWS)`INSERT INTO "TargetLockWait" ("agentRunId", key, mode) VALUES (${ID}, 'k', 'shared')`,
      sql.type(NO_ROWS)`DELETE FROM "TargetLockWait"`,
    ],
    'an alert is silenced': [
      sql.type(NO_ROWS)`INSERT INTO "RunSilence" ("runId") VALUES (${ID})`,
      sql.type(NO_ROWS)`UPDATE "RunSilence" SET "removedAt" = now()`,
    ],
  } as const;
  for (const [what, [begin, end]] of Object.entries(UNDER_WAY)) {
    it(`does not rest while ${what}`, async () => {
      await database.db.query(begin);
      assert.equal(await rests(), false);
      await database.db.query(end);
      assert.equal(await rests(), true);
    });
  }

  it('has nothing to publish when every event is in JetStream', async () => {
    const { db } = database;
    await createRun('another');
    assert.equal(await rests('outbox'), false);
    await db.query(sql.type(NO_ROWS)`UPDATE "Event" SET "publishedAt" = now()`);
    assert.equal(await rests('outbox'), true);
    await db.query(FORGET_RUNS);
  });

  /** Of a loop that has looked at everything just now. */
  async function rests(of: 'runs' | 'outbox' = 'runs'): Promise<boolean> {
    const mayRest = createRest(database.db).forLoop(of);
    await mayRest();
    return mayRest();
  }

  const createRun = (name: string) => storeRuns(database.db, { name, nodes: [{ id: 'a', transform: '1' }] });
});
