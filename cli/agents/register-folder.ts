import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { AgentDescription } from '../../workers/agents/description.ts';
import { describeAgent } from '../../workers/agents/describe.ts';
import type { Client } from '../client.ts';
import { CliError, EXIT, usageError } from '../exit-codes.ts';
import type { AgentWire } from '../wire.ts';

/**
 * Looks at an agent's folder as the service does when it starts, and at what the service has of it. Only the service
 * itself takes folders, since its workers run what lies in them: the answer says how.
 * @throws CliError when the folder is no agent, or the service does not have this version of it
 */
export async function registerFolder(folder: string, client: Client): Promise<AgentWire> {
  const { name, version } = await describe(folder);
  const known = (await client.list<AgentWire>('/api/agents')).find((agent) => agent.name === name);
  if (known?.version === version) return known;
  const has = known === undefined ? 'does not have it' : `has ${known.version} of it`;
  throw new CliError(
    EXIT.failed,
    `${name} ${version} can be registered, and the service at ${client.url} ${has} yet. It takes the folders in AGENTS_DIR ` +
      `when it starts: start it with AGENTS_DIR=${dirname(folder)}`,
  );
}

async function describe(folder: string): Promise<AgentDescription> {
  const scratch = await mkdtemp(join(tmpdir(), 'agents-register-'));
  try {
    return await describeAgent({ name: basename(folder), directory: folder }, scratch);
  } catch (cause) {
    throw usageError(`${basename(folder)} cannot be registered: ${(cause as Error).message}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
