import { randomUUID } from 'node:crypto';
import type { Json } from '../../contracts/json.ts';
import { compilePlan } from '../../flows/compile.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { toStoredVersion } from '../../flows/stored.ts';
import type { Database } from '../../sql/pool.ts';
import { createWorkflow } from '../../sql/queries/definitions.ts';
import { createRuns } from '../../sql/queries/engine.ts';

export interface StoredRun {
  readonly input?: Json;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Stores a workflow and runs of it, without an engine: nothing will run them. One statement, hence one time for all.
 * @returns their ids, in order
 */
export async function storeRuns(
  db: Database,
  definition: { readonly name: string; readonly nodes: Json },
  runs: readonly StoredRun[] = [{}],
): Promise<string[]> {
  const { name } = definition;
  const version = toStoredVersion(compilePlan(parseDefinition(definition)));
  const facts = { name, projectId: 'default', status: 'ACTIVE', labels: {} };
  const { id: workflowId, versionId } = await createWorkflow(db, facts, version, 'test');
  const created = await createRuns(
    db,
    runs.map(({ input = {}, labels = {} }) => ({
      ...{ id: randomUUID(), workflowId, workflowName: name, workflowVersion: 1, versionId, projectId: 'default' },
      ...{ triggerType: 'api', trigger: { type: 'api' }, input, labels, hasOutput: false },
    })),
  );
  return created.map(({ id }) => id);
}
