import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { NO_ROWS } from '../../../sql/no-rows.ts';
import { findUnpublished, markPublished, mirrorTo } from '../../../sql/queries/outbox.ts';
import { findStillness } from '../../../sql/queries/rest.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { storeRuns } from '../../support/stored-runs.ts';

const FIRST = '00000000-0000-0000-0000-000000000000';
const MIRROR = { stream: 'EVENTS', createdAt: '2030-01-01T00:00:00Z' };
const scans = sql.type(z.object({ table: z.string(), scans: z.number() }))`
  SELECT relname AS table, seq_scan::integer AS scans FROM pg_stat_xact_user_tables WHERE relname IN ('Event', 'WorkflowRun') ORDER BY 1`;

describe('the outbox', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
    const nodes = [{ id: 'a', transform: '1' }];
    await storeRuns(database.db, { name: 'told', nodes }, [{}, {}, {}]);
    await mirrorTo(database.db, MIRROR);
  });
  after(() => database.drop());

  it('gives what is not published, in parts, and marks what one stream got', async () => {
    const { db } = database;
    const two = await findUnpublished(db, FIRST, 2);
    assert.deepEqual(
      two.map(({ type, workflowName }) => [type, workflowName]),
      [
        ['run.created', 'told'],
        ['run.created', 'told'],
      ],
    );
    assert.equal(await markPublished(db, two, { ...MIRROR, createdAt: 'another time' }), false, 'another stream');
    assert.equal((await findUnpublished(db, FIRST, 10)).length, 3);
    assert.equal(await markPublished(db, two, MIRROR), true);
    assert.equal((await findUnpublished(db, FIRST, 10)).length, 1);
    assert.equal((await findUnpublished(db, two.at(-1)?.runId ?? '', 10)).length, 1, 'behind those');
  });

  it('marks without waiting for the disk, which statements behind it do', async () => {
    const commit = sql.type(z.object({ mode: z.string() }))`SELECT current_setting('synchronous_commit') AS mode`;
    const { db } = database;
    const during = await db.transaction(async (transaction) => {
      await markPublished(transaction, await findUnpublished(transaction, FIRST, 1), MIRROR);
      return transaction.oneFirst(commit);
    });
    assert.deepEqual([during, await db.oneFirst(commit)], ['off', 'on']);
  });

  it('is never read from end to end, also where nothing is known of its tables', async () => {
    const counted = await database.db.transaction(async (transaction) => {
      await transaction.query(sql.type(NO_ROWS)`UPDATE "Event" SET "publishedAt" = NULL`);
      const before = await transaction.any(scans);
      const events = await findUnpublished(transaction, FIRST, 10);
      await markPublished(transaction, events, MIRROR);
      await findStillness(transaction);
      return { before, after: await transaction.any(scans) };
    });
    assert.deepEqual(counted.after, counted.before);
  });
});
