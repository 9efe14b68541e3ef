import assert from 'node:assert/strict';
import { BackendTerminatedError, ConnectionError, sql } from 'slonik';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { isConnectionFailure, isDeadlock, toAppError, violates } from '../../sql/errors.ts';
import { waitFor } from '../support/wait-for.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** Rows of these are written by the engine alone, which avoids or expects the conflict itself. */
const THE_ENGINES_OWN =
  /^(AgentRun|Approval|Event|Lock|Job|Outbox|Spool|Worker|WorkflowRun|WorkflowNode|WorkflowEdge|Leader|Migration)/;

/** Lets everybody through once `count` have come. */
function barrier(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let missing = count;
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return opened;
  };
}

describe('database errors', () => {
  let test: TestDatabase;
  before(async () => {
    test = await createTestDatabase();
    await test.db.query(sql.unsafe`CREATE TABLE pair (id int PRIMARY KEY, n int)`);
    await test.db.query(sql.unsafe`INSERT INTO pair VALUES (1, 0), (2, 0)`);
  });
  after(() => test.drop());

  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => assert.fail('it should have failed'),
      (error: unknown) => error,
    );

  it('tell a caller what a refusing constraint means', async () => {
    const insert = sql.unsafe`INSERT INTO "Workflow" (id, name) VALUES (gen_random_uuid(), 'twice')`;
    await test.db.query(insert);
    const error = await failure(test.db.query(insert));
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'CONFLICT');
    assert.match(error.message, /A workflow of this name exists/);
    assert.ok(violates(error, 'Workflow_projectId_name_key'));
    assert.ok(violates(error));
    assert.doesNotMatch(error.message, /INSERT|duplicate key/);
  });

  it('have a sentence for every unique constraint that a request can hit', async () => {
    const names = await test.db.anyFirst(sql.type(z.object({ name: z.string() }))`
      SELECT conname::text AS name FROM pg_constraint
      WHERE contype = 'u' AND connamespace = 'public'::regnamespace ORDER BY 1`);
    const silent = names
      .filter((name) => !THE_ENGINES_OWN.test(name))
      .filter(
        (constraint) => !(toAppError(Object.assign(new Error('x'), { code: '23505', constraint })) instanceof AppError),
      );
    assert.deepEqual(silent, []);
  });

  it('recognise a deadlock, which may be repeated', async () => {
    const bothHoldOne = barrier(2);
    const update = (first: number, second: number): Promise<unknown> =>
      test.db.transaction(async (transaction) => {
        await transaction.query(sql.unsafe`UPDATE pair SET n = n + 1 WHERE id = ${first}`);
        await bothHoldOne();
        await transaction.query(sql.unsafe`UPDATE pair SET n = n + 1 WHERE id = ${second}`);
      });
    const outcomes = await Promise.allSettled([update(1, 2), update(2, 1)]);
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    assert.equal(errors.length, 1);
    assert.ok(isDeadlock(errors[0]));
    assert.ok(!isConnectionFailure(errors[0]));
  });

  it('recognise a connection that was cut in the middle of a query', async () => {
    const sleeping = failure(test.db.query(sql.unsafe`SELECT pg_sleep(20) /* cut me */`));
    const cut = sql.unsafe`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE query LIKE '%cut me%' AND pid <> pg_backend_pid() AND datname = current_database()`;
    await waitFor(async () => (await test.db.any(cut)).length > 0, { describe: 'the query to run and be cut' });
    const error = await sleeping;
    assert.ok(isConnectionFailure(error));
    assert.equal((error as AppError).code, 'DATABASE_UNAVAILABLE');
  });

  it('say that the database is busy when a statement took too long', async () => {
    const error = await failure(
      test.db.transaction(async (transaction) => {
        await transaction.query(sql.unsafe`SET LOCAL statement_timeout = 50`);
        await transaction.query(sql.unsafe`SELECT pg_sleep(5)`);
      }),
    );
    assert.equal((error as AppError).code, 'DATABASE_UNAVAILABLE');
    assert.ok(!isConnectionFailure(error));
  });

  it('see through the wrappers of the libraries', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
    for (const error of [
      new ConnectionError('cannot connect', { cause: refused }),
      new BackendTerminatedError(refused),
      refused,
    ]) {
      const told = toAppError(error);
      assert.ok(told instanceof AppError);
      assert.equal(told.code, 'DATABASE_UNAVAILABLE');
      assert.doesNotMatch(told.message, /10\.1\.2\.3/);
      assert.equal(told.cause, error);
    }
  });

  it('leave alone what they do not know', () => {
    for (const error of [new Error('a bug'), new AppError('NOT_FOUND', 'no such run'), 'a string']) {
      assert.equal(toAppError(error), error);
    }
  });
});
