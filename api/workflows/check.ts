import { compilePlan } from '../../flows/compile.ts';
import type { Plan } from '../../flows/plan.ts';
import { nameSchema } from '../../flows/names.ts';
import { checkDefinition, type World } from '../../flows/validate.ts';
import type { WorkflowDefinition } from '../../flows/definition.ts';
import type { WorkflowFacts } from '../../sql/queries/definitions.ts';
import { findSurroundings, type Surroundings } from '../../sql/queries/workflows.ts';
import type { Api } from '../api.ts';

export interface CheckedDefinition {
  readonly definition: WorkflowDefinition;
  readonly plan: Plan;
}

/**
 * Checks a definition as a user sent it, against the agents and workflows that exist.
 * @throws AppError INVALID_DEFINITION with every problem at once
 */
export async function checkSent({ db }: Pick<Api, 'db'>, json: Record<string, unknown>): Promise<CheckedDefinition> {
  const project = nameSchema.safeParse(json.projectId ?? 'default');
  const surroundings = await findSurroundings(db, project.success ? project.data : 'default');
  const definition = checkDefinition(json, worldOf(surroundings));
  return { definition, plan: compilePlan(definition) };
}

function worldOf({ agents, workflows }: Surroundings): World {
  return {
    agents: new Map(agents.map(({ name, inputSchema }) => [name, { inputSchema }])),
    workflows: new Map(workflows.map(({ name, ...known }) => [name, known])),
  };
}

/** What is kept of a definition in columns of its own. */
export function factsOf({
  name,
  projectId,
  description,
  status,
  maxConcurrentRuns,
  labels = {},
}: WorkflowDefinition): WorkflowFacts {
  return {
    name,
    projectId,
    status,
    labels,
    ...(description !== undefined && { description }),
    ...(maxConcurrentRuns !== undefined && { maxConcurrentRuns }),
  };
}
