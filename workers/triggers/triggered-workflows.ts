import type { Trigger, WorkflowDefinition } from '../../flows/definition.ts';
import { createDefinitionReader } from '../../flows/definition-reader.ts';
import { nameTriggers, type NamedTrigger } from '../../flows/trigger-id.ts';
import type { Hints } from '../../platform/hints.ts';
import type { Logger } from '../../platform/log.ts';
import type { Queryable } from '../../sql/pool.ts';
import { listTriggeredBy } from '../../sql/queries/workflows.ts';

/** A trigger of an active workflow, with what a start by it needs to know. */
export interface ActiveTrigger<T extends Trigger> extends NamedTrigger<T> {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly version: number;
  readonly definition: WorkflowDefinition;
}

export type ActiveTriggers = <K extends Trigger['type']>(
  db: Queryable,
  type: K,
) => Promise<ActiveTrigger<Extract<Trigger, { type: K }>>[]>;

/** How long a lost hint can hide a change of workflows. */
const REMEMBERED_MS = 5_000;

/** Reads the enabled triggers of active workflows; one whose definition cannot be read is left out, and stops no other. */
export function createActiveTriggers(log: Logger): ActiveTriggers {
  const readDefinition = createDefinitionReader((error, { name, version }) => {
    log.error({ err: error, workflow: name, version }, 'a stored definition cannot be read');
  });

  return async <K extends Trigger['type']>(db: Queryable, type: K) => {
    type Wanted = Extract<Trigger, { type: K }>;
    return (await listTriggeredBy(db, type)).flatMap((row) => {
      const definition = readDefinition(row);
      if (definition === null) return [];
      return nameTriggers(row.id, definition.triggers)
        .filter((named): named is NamedTrigger<Wanted> => named.trigger.type === type && named.trigger.enabled)
        .map((named) => ({
          ...named,
          workflowId: row.id,
          workflowName: row.name,
          version: row.version,
          definition,
        }));
    });
  };
}

/** As the one given, which it asks again when a workflow has changed, and after a while: for what looks each second, also at rest. */
export function rememberTriggers(activeTriggers: ActiveTriggers, hints: Pick<Hints, 'subscribe'>): ActiveTriggers {
  const remembered = new Map<Trigger['type'], { readonly at: number; readonly triggers: Promise<unknown> }>();
  hints.subscribe('workflow', () => {
    remembered.clear();
  });

  return <K extends Trigger['type']>(db: Queryable, type: K) => {
    type Triggers = ReturnType<typeof activeTriggers<K>>;
    const now = performance.now();
    const known = remembered.get(type);
    // under a type there is only what was asked for it
    if (known && now - known.at < REMEMBERED_MS) return known.triggers as Triggers;
    const triggers = activeTriggers(db, type);
    remembered.set(type, { at: now, triggers });
    triggers.catch(() => remembered.delete(type));
    return triggers;
  };
}
