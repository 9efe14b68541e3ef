import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentDescription } from './description.ts';
import { memoryFile } from './memory.ts';

/** Workers mark what they use four times a day, so what is older than this nobody uses. */
const UNUSED_MS = 7 * 24 * 60 * 60_000;

/**
 * Marks what this process uses of `<dataDir>/agents`, and removes what no process has marked for a week: compiled agents
 * whose sources have changed since, or that are gone. Other workers may share the folder, also ones of an older version.
 * @returns the names of the files removed
 */
export async function pruneCompiledAgents(
  agents: readonly Pick<AgentDescription, 'name' | 'directory' | 'entry'>[],
  dataDir: string,
): Promise<string[]> {
  const folder = join(dataDir, 'agents');
  const used = agents.flatMap((agent) => [agent.entry, memoryFile(agent, dataDir)]);
  await Promise.all(used.filter((file) => file.startsWith(folder)).map(mark));
  const names = await readdir(folder).catch(whenMissing);
  const removed = await Promise.all(names.map((name) => removeUnused(folder, name)));
  return removed.flat().sort();
}

async function mark(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(whenMissing);
}

async function removeUnused(folder: string, name: string): Promise<string[]> {
  const file = join(folder, name);
  try {
    if (Date.now() - (await stat(file)).mtimeMs < UNUSED_MS) return [];
    await rm(file, { recursive: true });
    return [name];
  } catch (error) {
    return whenMissing(error); // another worker was quicker
  }
}

function whenMissing(error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return [];
}
