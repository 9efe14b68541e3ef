import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { assertMigrated } from '../../sql/migrate.ts';
import { createTestDatabase } from '../support/database.ts';

describe('a test database', () => {
  it('is a migrated copy of its own, dropped afterwards', async () => {
    const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await assertMigrated(first.url);
    await first.db.query(sql.unsafe`CREATE TABLE mine (id int)`);
    await assert.rejects(second.db.any(sql.unsafe`SELECT * FROM mine`), /"mine" does not exist/);
    await Promise.all([first.drop(), second.drop()]);
    await assert.rejects(assertMigrated(first.url));
  });
});
