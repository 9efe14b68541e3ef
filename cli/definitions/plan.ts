import { diff, type Change } from '../../api/workflows/diff.ts';
import type { Json } from '../../contracts/json.ts';
import type { Client } from '../client.ts';
import { workflowPath } from '../find.ts';
import type { WorkflowWire } from '../wire.ts';
import type { Sound } from './check.ts';

/** One thing to do so that the service holds what the files say. */
export type Step =
  | { readonly action: 'create'; readonly name: string; readonly source: Sound }
  | {
      readonly action: 'update';
      readonly name: string;
      readonly source: Sound;
      readonly stored: WorkflowWire;
      readonly changes: readonly Change[];
    }
  | { readonly action: 'keep'; readonly name: string; readonly stored: WorkflowWire }
  | { readonly action: 'delete'; readonly name: string; readonly stored: WorkflowWire };

/** What the service writes beside a definition. */
const NOT_OF_THE_DEFINITION = new Set(['id', 'version', 'pausedAt', 'pausedBy', 'createdAt', 'updatedAt']);
/** Comes with the service. */
const BUILT_IN = new Set(['alert-notification']);

/**
 * Compares the files with what is stored.
 * @param prune also deletes what the files' projects hold beside them, the built-in workflow aside
 */
export function planSteps(sources: readonly Sound[], stored: readonly WorkflowWire[], prune: boolean): Step[] {
  const steps = sources.map((source) => stepOf(source, stored));
  if (!prune) return steps;
  const projects = new Set(sources.map(({ definition }) => definition.projectId));
  const kept = new Set(sources.map(({ definition }) => keyOf(definition)));
  const gone = stored.filter(
    (workflow) => projects.has(workflow.projectId) && !kept.has(keyOf(workflow)) && !BUILT_IN.has(workflow.name),
  );
  return [...steps, ...gone.map((workflow): Step => ({ action: 'delete', name: workflow.name, stored: workflow }))];
}

function stepOf(source: Sound, workflows: readonly WorkflowWire[]): Step {
  const { name } = source.definition;
  const stored = workflows.find((workflow) => keyOf(workflow) === keyOf(source.definition));
  if (!stored) return { action: 'create', name, source };
  const changes = diff(definitionOf(stored), source.definition as unknown as Json);
  return changes.length === 0 ? { action: 'keep', name, stored } : { action: 'update', name, source, stored, changes };
}

function keyOf({ projectId, name }: { readonly projectId: string; readonly name: string }): string {
  return `${projectId}/${name}`;
}

/** A stored workflow as a definition. */
export function definitionOf(workflow: WorkflowWire): Json {
  return Object.fromEntries(Object.entries(workflow).filter(([field]) => !NOT_OF_THE_DEFINITION.has(field))) as Json;
}

/** Does it. An update is refused when somebody else has changed the workflow since it was read. */
export async function takeStep(client: Client, step: Step): Promise<number | undefined> {
  switch (step.action) {
    case 'create':
      return (await client.post<WorkflowWire>('/api/workflows', { body: step.source.written })).version;
    case 'update': {
      const headers = { 'If-Match': `"${step.stored.version}"` };
      const { version } = await client.put<WorkflowWire>(workflowPath(step.stored.id), {
        body: step.source.written,
        headers,
      });
      return version;
    }
    case 'delete':
      await client.delete(workflowPath(step.stored.id));
      return undefined;
    case 'keep':
      return step.stored.version;
  }
}
