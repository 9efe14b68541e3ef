import { parseDefinition, type AlertTrigger, type WorkflowDefinition } from '../../flows/definition.ts';
import { nameTriggers, type NamedTrigger } from '../../flows/trigger-id.ts';
import type { Logger } from '../../platform/log.ts';
import type { Queryable } from '../../sql/pool.ts';
import { listTriggeredBy, type TriggeredWorkflow } from '../../sql/queries/workflows.ts';

export type AlertSource = 'alertmanager' | 'grafana';

/** An active workflow with the triggers that alerts of one source may fire. */
export interface AlertWorkflow {
  readonly id: string;
  readonly name: string;
  readonly maintenance: WorkflowDefinition['maintenance'];
  readonly budget: WorkflowDefinition['budget'];
  readonly triggers: readonly NamedTrigger<AlertTrigger>[];
}

export type AlertWorkflows = (db: Queryable, source: AlertSource) => Promise<AlertWorkflow[]>;

const MOST_KEPT = 1_000;

/**
 * Reads the workflows that ask for alerts. A version never changes, so its definition is parsed once; one that cannot be
 * read (stored by hand, or by a version of ours with another format) is left out and named, and stops no other.
 */
export function createAlertWorkflows(log: Logger): AlertWorkflows {
  const parsed = new Map<string, WorkflowDefinition | null>();

  function definitionOf({ id, name, version, definition }: TriggeredWorkflow): WorkflowDefinition | null {
    const key = `${id}/${String(version)}`;
    const known = parsed.get(key);
    if (known !== undefined) return known;
    if (parsed.size >= MOST_KEPT) parsed.clear();
    const read = parseOrNull(definition, (error) =>
      log.error({ err: error, workflow: name }, 'a stored definition cannot be read'),
    );
    parsed.set(key, read);
    return read;
  }

  return async (db, source) =>
    (await listTriggeredBy(db, source)).flatMap((row) => {
      const definition = definitionOf(row);
      if (!definition) return [];
      const triggers = nameTriggers(row.id, definition.triggers).filter(
        (named): named is NamedTrigger<AlertTrigger> => named.trigger.type === source,
      );
      const { maintenance, budget } = definition;
      return [{ id: row.id, name: row.name, maintenance, budget, triggers }];
    });
}

function parseOrNull(json: unknown, report: (error: unknown) => void): WorkflowDefinition | null {
  try {
    return parseDefinition(json);
  } catch (error) {
    report(error);
    return null;
  }
}
