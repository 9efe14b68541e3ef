import { AppError } from '../../contracts/errors.ts';
import { compilePlan } from '../../flows/compile.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { toStoredVersion } from '../../flows/stored.ts';
import type { Queryable } from '../../sql/pool.ts';
import { createWorkflow } from '../../sql/queries/definitions.ts';
import { findWorkflowId } from '../../sql/queries/workflows.ts';
import { factsOf } from '../workflows/check.ts';

export const ALERT_NOTIFICATION = 'alert-notification';

/** What an alert starts that no workflow asks for. Once stored it is a workflow like any other, to be changed at will. */
const DEFINITION = {
  name: ALERT_NOTIFICATION,
  description:
    'Tells about alerts that no other workflow asks for. Built in: change it as you like, it is not written over.',
  nodes: [
    {
      id: 'notify',
      agent: 'notifier',
      retry: { attempts: 3 },
      input: {
        channel: 'console',
        severity: "{{ input.alert.status == 'resolved' ? 'info' : 'warning' }}",
        message: '{{ input.alert.labels.alertname }} is {{ input.alert.status }}',
        metadata: '{{ input.alert }}',
      },
    },
  ],
};

/** The id of the built-in workflow; stores it when it is not there yet. */
export async function ensureAlertNotification(db: Queryable): Promise<string> {
  const found = await findWorkflowId(db, ALERT_NOTIFICATION);
  if (found !== null) return found;
  const definition = parseDefinition(DEFINITION);
  try {
    const { id } = await createWorkflow(db, factsOf(definition), toStoredVersion(compilePlan(definition)), 'system');
    return id;
  } catch (error) {
    // another replica was faster
    const theirs =
      error instanceof AppError && error.code === 'CONFLICT' ? await findWorkflowId(db, ALERT_NOTIFICATION) : null;
    if (theirs === null) throw error;
    return theirs;
  }
}
