import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder that wants to be an agent. */
export interface AgentFolder {
  /** The folder's name, and the agent's. */
  readonly name: string;
  readonly directory: string;
}

/** What makes a folder an agent. */
const NEEDED = ['package.json', 'schemas.ts'] as const;

/**
 * The folders below `agentsDir` that have a package.json and a schemas.ts, by name. A link to a folder counts.
 * @throws ENOENT when there is no `agentsDir`
 */
export async function discoverAgents(agentsDir: string): Promise<AgentFolder[]> {
  const names = (await readdir(agentsDir)).sort();
  return names
    .map((name) => ({ name, directory: join(agentsDir, name) }))
    .filter(({ directory }) => NEEDED.every((file) => existsSync(join(directory, file))));
}
