import type { Client } from './client.ts';
import { CliError, EXIT, usageError } from './exit-codes.ts';
import type { RunPlace } from './run-view/follow-run.ts';
import { suggest } from './suggest.ts';
import type { RunSummaryWire, WorkflowWire } from './wire.ts';

export const workflowPath = (name: string): string => `/api/workflows/${encodeURIComponent(name)}`;

/**
 * A workflow by its id or name.
 * @throws CliError that names the workflow that may have been meant
 */
export async function findWorkflow(client: Client, name: string): Promise<WorkflowWire> {
  try {
    return await client.get<WorkflowWire>(workflowPath(name));
  } catch (error) {
    if (!(error instanceof CliError && error.status === 404)) throw error;
    const known = await client.list<WorkflowWire>('/api/workflows', {}, 1_000).catch(() => []);
    const meant = suggest(
      name,
      known.map((workflow) => workflow.name),
    );
    throw new CliError(EXIT.usage, `${error.message}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`, error);
  }
}

const LAST = '@last';
const ID_START = /^[0-9a-f][0-9a-f-]{3,35}$/i;
export const RUN_ARGUMENT = 'its id, the first letters of it, or @last';

/**
 * A run by its id, by the first four or more letters of it, or `@last` for the newest.
 * @throws CliError when there is none, or more than one
 */
export async function findRun(client: Client, given: string): Promise<RunSummaryWire> {
  if (given !== LAST && !ID_START.test(given)) {
    throw usageError(`${given} names no run: give its id, at least four letters of it, or ${LAST}`);
  }
  const query = given === LAST ? {} : { q: given };
  const runs = await client.list<RunSummaryWire>('/api/runs', query, given === LAST ? 1 : 50);
  const matching = given === LAST ? runs : runs.filter(({ id }) => id.startsWith(given.toLowerCase()));
  const [run, ...others] = matching;
  if (!run) throw usageError(given === LAST ? 'There is no run yet' : `There is no run ${given}`);
  if (others.length > 0) throw usageError(`${given} fits ${matching.length} runs: give more of the id`);
  return run;
}

export function placeOf({ workflowId, id }: Pick<RunSummaryWire, 'workflowId' | 'id'>): RunPlace {
  return { workflow: workflowId, runId: id };
}
