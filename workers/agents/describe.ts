import { join } from 'node:path';
import { isUuid } from '../../contracts/uuid.ts';
import type { AgentReference } from '../executors/executor.ts';
import { compileModule, type CompiledModule } from './compile.ts';
import type { AgentDescription } from './description.ts';
import { discoverAgents, type AgentFolder } from './discover.ts';
import { digestOf, recall, remember } from './memory.ts';
import { isScript, readPackageFacts, type PackageFacts } from './package-facts.ts';
import { readSchemas } from './read-schemas.ts';
import { withReadablePatterns } from './readable-patterns.ts';

export interface Rejected {
  readonly name: string;
  /** Follows the name in a sentence: what is wrong and what to do. */
  readonly reason: string;
}

export interface Descriptions {
  readonly registered: AgentDescription[];
  readonly rejected: Rejected[];
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
const CONCURRENCY = 2;

/**
 * Describes every agent below `agentsDir`, compiled for this machine. A folder that cannot be registered is in
 * `rejected` with the reason and stops nobody else. What has not changed since the last time is only read.
 * @param dataDir what was compiled and found out is kept here
 * @throws ENOENT when there is no `agentsDir`
 */
export async function describeAgents(agentsDir: string, dataDir: string): Promise<Descriptions> {
  const waiting = await discoverAgents(agentsDir);
  const registered: AgentDescription[] = [];
  const rejected: Rejected[] = [];
  const work = async () => {
    for (let folder = waiting.shift(); folder; folder = waiting.shift()) {
      const { name } = folder;
      try {
        registered.push(await describeAgent(folder, dataDir));
      } catch (error) {
        rejected.push({ name, reason: (error as Error).message });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { registered: registered.sort(byName), rejected: rejected.sort(byName) };
}

/** @throws Error with the reason why this folder is no agent */
export async function describeAgent(folder: AgentFolder, dataDir: string): Promise<AgentDescription> {
  assertName(folder.name);
  return (await recall(folder, dataDir)) ?? (await lookAt(folder, dataDir));
}

async function lookAt(folder: AgentFolder, dataDir: string): Promise<AgentDescription> {
  const { name, directory } = folder;
  const facts = await readPackageFacts(directory);
  const schemas = await compileModule(join(directory, 'schemas.ts'), dataDir);
  const program = isScript(facts.source) ? await compileModule(facts.source, dataDir) : asItIs(facts.source);
  const read = await readSchemas(schemas.file, directory, dataDir);
  const input = withReadablePatterns(read.inputSchema, 'InputSchema');
  const output = withReadablePatterns(read.outputSchema, 'OutputSchema');
  const sources = [...new Set([join(directory, 'package.json'), ...schemas.sources, ...program.sources])];
  const packages = [...new Set([...schemas.packages, ...program.packages])];
  const description = {
    ...referenceOf(name, directory, program.file, facts),
    description: facts.description,
    riskLevel: facts.manifest.riskLevel,
    inputSchema: input.schema,
    outputSchema: output.schema,
    unchecked: [...input.unchecked, ...output.unchecked],
    digest: await digestOf(directory, sources),
  };
  await remember(description, { sources, packages: [...packages, program.file] }, dataDir);
  return description;
}

function referenceOf(name: string, directory: string, entry: string, facts: PackageFacts): AgentReference {
  const { version, image, manifest } = facts;
  return { name, version, directory, entry, manifest, ...(image === undefined ? {} : { image }) };
}

function asItIs(source: string): CompiledModule {
  return { file: source, sources: [source], packages: [] };
}

function assertName(name: string): void {
  if (NAME.test(name) && !isUuid(name)) return;
  throw new Error(`the folder's name is the agent's and must match ${NAME.source} (and not be a UUID): rename it`);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
