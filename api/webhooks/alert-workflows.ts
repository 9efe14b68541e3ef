import type { AlertTrigger, WorkflowDefinition } from '../../flows/definition.ts';
import { createDefinitionReader } from '../../flows/definition-reader.ts';
import { nameTriggers, type NamedTrigger } from '../../flows/trigger-id.ts';
import type { Logger } from '../../platform/log.ts';
import type { Queryable } from '../../sql/pool.ts';
import { listTriggeredBy } from '../../sql/queries/workflows.ts';

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

/** Reads the workflows that ask for alerts; one whose definition cannot be read is left out, and stops no other. */
export function createAlertWorkflows(log: Logger): AlertWorkflows {
  const readDefinition = createDefinitionReader((error, { name, version }) => {
    log.error({ err: error, workflow: name, version }, 'a stored definition cannot be read');
  });

  return async (db, source) =>
    (await listTriggeredBy(db, source)).flatMap((row) => {
      const definition = readDefinition(row);
      if (!definition) return [];
      const triggers = nameTriggers(row.id, definition.triggers).filter(
        (named): named is NamedTrigger<AlertTrigger> => named.trigger.type === source,
      );
      const { maintenance, budget } = definition;
      return [{ id: row.id, name: row.name, maintenance, budget, triggers }];
    });
}
