import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { version as compilerVersion } from 'esbuild';
import type { AgentDescription } from './description.ts';
import type { AgentFolder } from './discover.ts';
import { writeWhole } from './write-whole.ts';

/** Raise it when the way agents are compiled or described changes. */
const FORMAT = 2;

/** What a description was made of. */
export interface Ingredients {
  /** Absolute paths of files whose content counts. */
  readonly sources: readonly string[];
  /** Absolute paths of files that only have to be there. */
  readonly packages: readonly string[];
}

interface Memory extends Ingredients {
  readonly made: string;
  readonly description: AgentDescription;
}

/** The description of an unchanged agent, or undefined: then it has to be looked at. Compiles and starts nothing. */
export async function recall({ name, directory }: AgentFolder, dataDir: string): Promise<AgentDescription | undefined> {
  const memory = await read(memoryFile({ name, directory }, dataDir));
  if (memory?.made !== madeBy() || !memory.packages.every(existsSync)) return undefined;
  const digest = await digestOf(directory, memory.sources).catch(() => undefined);
  return digest === memory.description.digest ? memory.description : undefined;
}

export async function remember(
  description: AgentDescription,
  { sources, packages }: Ingredients,
  dataDir: string,
): Promise<void> {
  const memory: Memory = { made: madeBy(), sources, packages, description };
  await writeWhole(memoryFile(description, dataDir), JSON.stringify(memory));
}

/** One digest of files' names and contents. @throws ENOENT when one is gone */
export async function digestOf(directory: string, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const contents = await Promise.all(sources.map((path) => readFile(path)));
  for (const [index, content] of contents.entries()) {
    hash.update(`${relative(directory, sources[index] ?? '')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function read(file: string): Promise<Memory | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Memory;
  } catch {
    return undefined; // never seen, or damaged: looked at again
  }
}

/** Where the description of an agent is kept. */
export function memoryFile({ name, directory }: AgentFolder, dataDir: string): string {
  const place = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  return join(dataDir, 'agents', `${name}-${place}.json`);
}

function madeBy(): string {
  return `${FORMAT} esbuild ${compilerVersion} node ${process.version}`;
}
