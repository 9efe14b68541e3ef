import { sql } from 'slonik';
import { z } from 'zod';
import { readMigrationFiles, MIGRATIONS_FOLDER } from '../migration-files.ts';
import { LEDGER_TABLE } from '../migration-ledger.ts';
import type { Queryable } from '../pool.ts';

/** The migrations of this code that the database has not had; empty when it is up to date. */
export async function findPendingMigrations(db: Queryable): Promise<readonly string[]> {
  const files = await readMigrationFiles(MIGRATIONS_FOLDER);
  const applied = await db.anyFirst(sql.type(z.object({ name: z.string() }))`
    SELECT name FROM ${sql.identifier([LEDGER_TABLE])}`);
  return files.map(({ name }) => name).filter((name) => !applied.includes(name));
}
