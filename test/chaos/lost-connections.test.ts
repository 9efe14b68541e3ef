import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { withClient } from '../../bench/chaos/history/read-postgres.ts';
import { openLink, type Link } from '../../bench/chaos/rig/link.ts';
import { createDatabase, type Database } from '../../sql/pool.ts';
import { testServices } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';

const POOL_SIZE = 3;
const sleeping = sql.type(z.object({}))`SELECT 1 FROM pg_sleep(60)`;
const answer = sql.type(z.object({ n: z.number() }))`SELECT 1 AS n`;

describe('a pool whose connections are lost', () => {
  let link: Link;
  let db: Database;

  before(async () => {
    const url = new URL(testServices().databaseUrl);
    link = await openLink(Number(url.port || 5432));
    url.port = String(link.port);
    url.hostname = '127.0.0.1';
    db = await createDatabase({ url: url.toString(), applicationName: 'lost connections', poolSize: POOL_SIZE });
  });
  after(async () => {
    await db.stop();
    await link.close();
  });

  it('makes new ones, however often all of them were lost in the middle of their queries', async () => {
    for (let round = 0; round < 3; round++) {
      const queries = Array.from({ length: POOL_SIZE }, () => db.one(sleeping));
      const ended = Promise.allSettled(queries);
      await waitFor(async () => (await countRunning()) === POOL_SIZE, { describe: 'the queries to run' });
      link.cut();
      for (const { status } of await ended) assert.equal(status, 'rejected');
      assert.equal(await waitFor(() => db.oneFirst(answer), { describe: 'an answer' }), 1);
      await endSleepers();
    }
  });
});

const SLEEPERS = "pg_stat_activity WHERE application_name = 'lost connections' AND wait_event = 'PgSleep'";

function countRunning(): Promise<number> {
  return withClient(testServices().databaseUrl, async (client) => {
    const { rowCount } = await client.query(`SELECT FROM ${SLEEPERS}`);
    return rowCount ?? 0;
  });
}

/** The server does not notice before the end of their query that nobody waits for it any more. */
async function endSleepers(): Promise<void> {
  await withClient(testServices().databaseUrl, (client) =>
    client.query(`SELECT pg_terminate_backend(pid) FROM ${SLEEPERS}`),
  );
  await waitFor(async () => (await countRunning()) === 0, { describe: 'the abandoned queries to end' });
}
