import { AppError } from '../contracts/errors.ts';
import { imageProblem } from '../flows/image-policy.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { Database } from '../sql/pool.ts';
import { findAgentForRun, type AgentForRun } from '../sql/queries/agent-for-run.ts';
import type { AgentReference } from './executors/executor.ts';
import { readManifest } from './registered-manifest.ts';
import type { AgentDescription } from './agents/description.ts';

/** An agent as this worker can run it now: where its program is, and what the registry says of it. */
export interface RunnableAgent {
  readonly reference: AgentReference;
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
  readonly needsApproval: boolean;
  readonly paused: boolean;
  /** Of its sources or its image; null where nobody knows. */
  readonly digest: string | null;
}

/**
 * Finds agents by name; null where the registry does not have it, or this worker has no program and no image for it.
 * @throws AppError FORBIDDEN where its image may not be run
 */
export interface AgentsHere {
  find(name: string): Promise<RunnableAgent | null>;
}

/** How long a change in the registry may go unnoticed. */
const FRESH_MS = 2000;

/**
 * @param local the agents of this worker's own AGENTS_DIR
 * @param imageSources where images may come from: flows/image-policy.ts
 */
export function createAgentsHere(
  db: Database,
  local: readonly AgentDescription[],
  imageSources: readonly string[],
): AgentsHere {
  const byName = new Map(local.map((agent) => [agent.name, agent]));
  const known = new Map<string, { readonly at: number; readonly agent: Promise<RunnableAgent | null> }>();

  async function load(name: string): Promise<RunnableAgent | null> {
    const registered = await findAgentForRun(db, name);
    const here = byName.get(name);
    if (registered === null) return null;
    const reference = here ?? imageOnly(name, registered);
    if (reference === null) return null;
    const problem = reference.image === undefined ? null : imageProblem(reference.image, imageSources);
    if (problem !== null) throw new AppError('FORBIDDEN', `Agent ${name} is not run. ${problem}`);
    return {
      reference,
      inputSchema: registered.inputSchema,
      outputSchema: registered.outputSchema,
      needsApproval: registered.riskLevel === 'APPROVAL_REQUIRED',
      paused: registered.pausedAt !== null,
      digest: registered.digest,
    };
  }

  return {
    find(name) {
      const found = known.get(name);
      if (found && performance.now() - found.at < FRESH_MS) return found.agent;
      const agent = load(name);
      known.set(name, { at: performance.now(), agent });
      agent.catch(() => known.delete(name));
      return agent;
    },
  };
}

/** An agent that was registered through the API and has no folder here runs where there are containers. */
function imageOnly(name: string, { image, version, manifest }: AgentForRun): AgentReference | null {
  if (image === null) return null;
  return {
    name,
    version,
    directory: '/',
    entry: '',
    image,
    manifest: readManifest(manifest),
  };
}
