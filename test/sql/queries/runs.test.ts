import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { NO_ROWS } from '../../../sql/no-rows.ts';
import { findBlockingFacts } from '../../../sql/queries/blocking.ts';
import { listEventsAfter, measureOutbox } from '../../../sql/queries/events.ts';
import { countActiveRuns, findOverview } from '../../../sql/queries/measures.ts';
import { findRunWithNodes, listRuns } from '../../../sql/queries/runs.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { storeRuns } from '../../support/stored-runs.ts';

const LISTED = {
  name: 'listed',
  nodes: [
    { id: 'a', transform: '1' },
    { id: 'b', transform: '2', dependsOn: ['a'], pool: 'gpu' },
  ],
};

describe('the queries of runs', () => {
  let database: TestDatabase;
  let ids: string[];

  before(async () => {
    database = await createTestDatabase();
    const runs = Array.from({ length: 25 }, (_, n) => ({ input: { n }, labels: n === 0 ? { first: 'yes' } : {} }));
    ids = await storeRuns(database.db, LISTED, runs); // of one time: the order within it is by id
  });
  after(() => database.drop());

  it('page through runs of the very same time, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const rows = await listRuns(database.db, {}, { limit: 10, cursor });
      seen.push(...rows.map(({ id }) => id));
      cursor = rows.length === 10 ? rows.at(-1)?.cursor : undefined;
    } while (cursor !== undefined);
    assert.deepEqual([...seen].sort(), [...ids].sort());
  });

  it('refuse a cursor that is not theirs', async () => {
    for (const cursor of ['x', "2030-01-01 00:00:00+00|'; DROP TABLE x", '|']) {
      await assert.rejects(listRuns(database.db, {}, { limit: 10, cursor }), { code: 'INVALID_INPUT' });
    }
  });

  it('filter by labels, with a value and without', async () => {
    for (const label of ['first', 'first=yes']) {
      assert.equal((await listRuns(database.db, { labels: [label] }, { limit: 50 })).length, 1);
    }
    assert.equal((await listRuns(database.db, { labels: ['first=no'] }, { limit: 50 })).length, 0);
  });

  it('give a run with its nodes in the order of the definition', async () => {
    const run = await findRunWithNodes(database.db, ids[0] ?? '');
    assert.deepEqual(
      run?.nodes.map(({ nodeId, status }) => [nodeId, status]),
      [
        ['a', 'PENDING'],
        ['b', 'PENDING'],
      ],
    );
  });

  it('know what a node waits for, and in which pool it would run', async () => {
    const run = await findRunWithNodes(database.db, ids[0] ?? '');
    const [first, second] = run?.nodes ?? [];
    assert.deepEqual((await findBlockingFacts(database.db, first?.id ?? ''))?.openDependencies, []);
    const facts = await findBlockingFacts(database.db, second?.id ?? '');
    assert.ok(facts);
    assert.deepEqual(facts.openDependencies, [{ nodeId: 'a', status: 'PENDING' }]);
    assert.equal(facts.pool, 'gpu');
    assert.equal(facts.workers, 0);
  });

  it('read events behind a sequence, and measure what is not published', async () => {
    const events = await listEventsAfter(database.db, ids[0] ?? '', 0, 10);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['run.created'],
    );
    assert.deepEqual(await listEventsAfter(database.db, ids[0] ?? '', 1, 10), []);
    assert.equal((await measureOutbox(database.db)).pending, 25);
  });

  it('count open runs, and give an overview', async () => {
    assert.deepEqual(await countActiveRuns(database.db), [{ status: 'PENDING', count: 25 }]);
    const overview = await findOverview(database.db);
    assert.deepEqual(overview.activeRuns, { PENDING: 25 });
    assert.equal(overview.pendingApprovals, 0);
  });

  it('list by status all that have it, however they came to it', async () => {
    const { db } = database;
    const ended = await storeRuns(
      db,
      { ...LISTED, name: 'ended' },
      Array.from({ length: 7 }, () => ({})),
    );
    const [byHand, cancelledByHand, cancelling, timedOut, cancelled, failed, succeeded] = ended;
    const change = (id: string | undefined, set: ReturnType<typeof sql.fragment>) =>
      db.query(sql.type(NO_ROWS)`UPDATE "WorkflowRun" SET ${set} WHERE id = ${id ?? ''}`);
    await change(byHand, sql.fragment`status = 'FAILED'`);
    await change(cancelledByHand, sql.fragment`status = 'CANCELLED'`);
    await change(
      cancelling,
      sql.fragment`"endAs" = 'CANCELLED', "cancelRequestedAt" = now(), "errorCode" = 'CANCELLED'`,
    );
    await change(cancelling, sql.fragment`status = 'FAILED'`);
    const at = sql.fragment`"finishedAt" = now()`;
    await change(timedOut, sql.fragment`"endAs" = 'FAILED', status = 'FAILED', "errorCode" = 'RUN_TIMEOUT', ${at}`);
    await change(
      cancelled,
      sql.fragment`"endAs" = 'CANCELLED', status = 'CANCELLED', "errorCode" = 'CANCELLED', ${at}`,
    );
    await change(failed, sql.fragment`status = 'FAILED', "errorCode" = 'AGENT_FAILED', ${at}`);
    await change(succeeded, sql.fragment`status = 'SUCCESS', ${at}`);
    const all = await listRuns(db, { workflow: 'ended' }, { limit: 50 });
    assert.equal(all.length, ended.length);
    const FAILED = [byHand, cancelling, timedOut, failed];
    const CANCELLED = [cancelledByHand, cancelled];
    for (const [statuses, expected] of [
      [['FAILED'], FAILED],
      [['CANCELLED'], CANCELLED],
      [
        ['CANCELLED', 'FAILED'],
        [...FAILED, ...CANCELLED],
      ],
      [['SUCCESS'], [succeeded]],
      [
        ['FAILED', 'SUCCESS'],
        [...FAILED, succeeded],
      ],
    ] as const) {
      const found = await listRuns(db, { workflow: 'ended', statuses }, { limit: 50 });
      assert.deepEqual(found.map(({ id }) => id).sort(), [...expected].sort(), statuses.join());
    }
  });
});
