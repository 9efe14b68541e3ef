import { Pool } from 'pg';

const CONNECTIONS = 10;

/**
 * Steps per second of an insert and an update per step, `batch` steps in a statement: what no engine can pass that
 * keeps each step in Postgres.
 */
export async function bareSteps(databaseUrl: string, steps: number, batch: number): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  try {
    await pool.query('DROP TABLE IF EXISTS floor_step');
    await pool.query('CREATE TABLE floor_step (id bigint PRIMARY KEY, status text NOT NULL, output jsonb)');
    const batches = Array.from({ length: Math.ceil(steps / batch) }, (_, index) => index);
    const started = performance.now();
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let next = batches.pop(); next !== undefined; next = batches.pop()) {
          const ids = Array.from({ length: batch }, (_, index) => (next ?? 0) * batch + index);
          await pool.query(`INSERT INTO floor_step SELECT id, 'PENDING' FROM unnest($1::bigint[]) AS id`, [ids]);
          await pool.query(
            `UPDATE floor_step SET status = 'SUCCESS', output = '{"v": 1}' WHERE id = ANY ($1::bigint[])`,
            [ids],
          );
        }
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    await pool.query('DROP TABLE floor_step');
    return steps / seconds;
  } finally {
    await pool.end();
  }
}
