import type { Database } from '../sql/pool.ts';
import type { CreateRun } from '../sql/queries/engine.ts';
import { findHolders } from '../sql/queries/concurrency.ts';
import type { WorkflowDefinition } from './definition.ts';
import type { Engine } from './engine.ts';

/**
 * What a concurrency key's strategy asks for beyond waiting: `cancel_running` ends the older runs under the key,
 * `drop_new` ends the new one where it found no place. Should the process die in between, the new run waits as with
 * `queue`.
 */
export async function makeRoom(
  { concurrency }: WorkflowDefinition,
  run: CreateRun,
  admitted: boolean,
  { db, engine }: { readonly db: Database; readonly engine: Engine },
): Promise<void> {
  const { concurrencyKey } = run;
  if (concurrency === undefined || concurrencyKey === undefined || concurrency.strategy === 'queue' || admitted) return;
  const holders = await findHolders(db, concurrencyKey, run.id);
  // it may wait for the workflow's maxConcurrentRuns alone
  if (holders.length < concurrency.limit) return;
  const cancelled = { by: 'concurrency', endAs: 'CANCELLED', errorCode: 'CANCELLED' } as const;
  if (concurrency.strategy === 'drop_new') {
    const errorMessage = `Dropped: run ${holders.join(', ')} holds the concurrency key`;
    await engine.cancel({ ...cancelled, runId: run.id, errorMessage });
    return;
  }
  const errorMessage = `Superseded by run ${run.id} under the same concurrency key`;
  for (const runId of holders) await engine.cancel({ ...cancelled, runId, errorMessage });
}
