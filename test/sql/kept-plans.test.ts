import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { sql } from 'slonik';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const TRANSITIONS = new URL('../../sql/queries/engine.ts', import.meta.url);
const named = z.object({ name: z.string() });

describe('the functions of the engine', () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());

  it('keep the plans of their statements, which look rows up by their keys, each that is a transition', async () => {
    const keeping = await database.db.anyFirst(sql.type(named)`
      SELECT proname AS name FROM pg_proc
      WHERE proconfig @> ARRAY['plan_cache_mode=force_generic_plan', 'enable_seqscan=off', 'jit=off']`);
    const called = (await readFile(TRANSITIONS, 'utf8')).matchAll(/SELECT (engine_\w+)\(/g);
    const transitions = new Set(Array.from(called, ([, name]) => name ?? ''));
    assert.ok(transitions.size >= 10, [...transitions].join());
    for (const name of transitions) {
      assert.ok(
        keeping.includes(name),
        `${name}: a migration that replaces it has to set plan_cache_mode, enable_seqscan and jit again`,
      );
    }
  });
});
