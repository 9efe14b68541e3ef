import type { AppError, Problem } from '../../contracts/errors.ts';
import type { WorkflowDefinition } from '../../flows/definition.ts';
import type { KnownWorkflow } from '../../flows/sub-workflows.ts';
import type { World as Surroundings } from '../../flows/validate.ts';
import type { Client } from '../client.ts';
import { usageError } from '../exit-codes.ts';
import type { JsonRecord } from '../values.ts';
import type { AgentWire, WorkflowWire } from '../wire.ts';
import type { Source } from './load.ts';

export interface Checked {
  readonly file: string;
  /** As it was written. */
  readonly written: JsonRecord;
  /** As the service will keep it, with every default; undefined where there are problems. */
  readonly definition: WorkflowDefinition | undefined;
  readonly problems: readonly Problem[];
}
export type Sound = Checked & { readonly definition: WorkflowDefinition };

const MOST_WORKFLOWS = 10_000;

export function listStored(client: Client): Promise<WorkflowWire[]> {
  return client.list<WorkflowWire>('/api/workflows', {}, MOST_WORKFLOWS);
}

/** Checks all definitions against the service's agents and workflows and against each other, and stores nothing. */
export async function checkSources(
  client: Client,
  sources: readonly Source[],
  stored: readonly WorkflowWire[],
): Promise<Checked[]> {
  // of all commands only these need the engine's own rules, which take longer to load than the rest of the CLI
  const check = await loadCheck();
  const agents = await client.list<AgentWire>('/api/agents');
  const surroundings: Surroundings = {
    agents: new Map(agents.map(({ name, inputSchema }) => [name, { inputSchema }])),
    workflows: new Map([...stored, ...sources.map(({ definition }) => definition)].map(asKnown)),
  };
  return sources.map(({ file, definition: written }) => {
    const { definition, refusal } = check(written, surroundings);
    return { file, written, definition, problems: refusal ? problemsOf(file, refusal) : [] };
  });
}

/** @throws CliError with every problem of every file */
export function requireSound(checked: readonly Checked[]): Sound[] {
  const problems = checked.flatMap((one) => one.problems);
  if (problems.length > 0) throw usageError('Nothing was changed, because there are problems:', problems);
  return checked as Sound[];
}

interface Outcome {
  readonly definition: WorkflowDefinition | undefined;
  readonly refusal: AppError | undefined;
}

async function loadCheck(): Promise<(written: unknown, surroundings: Surroundings) => Outcome> {
  // loaded together, so that the error that is thrown is of the class that is asked for
  const [{ checkDefinition }, { AppError }] = await Promise.all([
    import('../../flows/validate.ts'),
    import('../../contracts/errors.ts'),
  ]);
  return (written, surroundings) => {
    try {
      return { definition: checkDefinition(written, surroundings), refusal: undefined };
    } catch (error) {
      if (error instanceof AppError) return { definition: undefined, refusal: error };
      throw error;
    }
  };
}

function problemsOf(file: string, { message, problems }: Pick<AppError, 'message' | 'problems'>): Problem[] {
  if (problems.length === 0) return [{ path: file, message }];
  return problems.map(({ path, message: text }) => ({ path: path === '' ? file : `${file}: ${path}`, message: text }));
}

/** Of a workflow, stored or only written, what others that call it are checked with. */
function asKnown({ name, nodes, inputSchema }: Source['definition']): [string, KnownWorkflow] {
  const called = Array.isArray(nodes) ? nodes.map((node: { workflow?: unknown } | null) => node?.workflow) : [];
  const subWorkflows = called.filter((each) => typeof each === 'string');
  const schema = typeof inputSchema === 'object' && inputSchema !== null ? (inputSchema as JsonRecord) : null;
  return [String(name), { subWorkflows, inputSchema: schema }];
}
