import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usageError } from '../exit-codes.ts';
import type { World } from '../session.ts';
import { parseDocument, readSource, type JsonRecord } from '../values.ts';

/** A definition as it was written, and where. */
export interface Source {
  readonly file: string;
  readonly definition: JsonRecord;
}

const ENDINGS = /\.(json|ya?ml)$/;

/**
 * The definitions of files, of folders (all their files, also in folders below) and of stdin (`-`), each before those
 * that call it. A file holds one definition or a list of them.
 */
export async function loadDefinitions(paths: readonly string[], world: World): Promise<Source[]> {
  const files = (await Promise.all(paths.map((path) => filesOf(path, world.cwd)))).flat();
  if (files.length === 0) throw usageError(`There is no definition (.json, .yaml) in ${paths.join(', ')}`);
  const sources = (await Promise.all(files.map((file) => readDefinitions(file, world)))).flat();
  refuseTwins(sources);
  return calledFirst(sources);
}

async function filesOf(path: string, cwd: string): Promise<string[]> {
  if (path === '-') return [path];
  const facts = await stat(resolve(cwd, path)).catch(() => undefined);
  if (!facts) throw usageError(`${path} does not exist`);
  if (!facts.isDirectory()) return [path];
  const names = await readdir(resolve(cwd, path), { recursive: true });
  const files = names.filter((name) => ENDINGS.test(name) && !name.includes('node_modules'));
  return files.sort().map((name) => join(path, name));
}

async function readDefinitions(file: string, world: World): Promise<Source[]> {
  const document = parseDocument(await readSource(file, world), file);
  return (Array.isArray(document) ? document : [document]).map((definition: unknown) => {
    if (typeof definition === 'object' && definition !== null) return { file, definition: definition as JsonRecord };
    throw usageError(`${file} holds no workflow definition but ${JSON.stringify(definition)}`);
  });
}

function refuseTwins(sources: readonly Source[]): void {
  const seen = new Map<string, string>();
  for (const { file, definition } of sources) {
    const { projectId = 'default', name } = definition;
    const key = JSON.stringify([projectId, name]);
    const first = seen.get(key);
    if (first !== undefined) throw usageError(`${String(name)} is defined twice: in ${first} and in ${file}`);
    seen.set(key, file);
  }
}

/** A workflow must exist when one that calls it is stored. A circle is left as it is: the service tells what is wrong. */
function calledFirst(sources: readonly Source[]): Source[] {
  const byName = new Map(sources.map((source) => [source.definition.name, source]));
  const sorted = new Set<Source>();
  const entered = new Set<Source>();
  const visit = (source: Source): void => {
    if (entered.has(source)) return;
    entered.add(source);
    for (const name of calledBy(source.definition)) {
      const called = byName.get(name);
      if (called) visit(called);
    }
    sorted.add(source);
  };
  sources.forEach(visit);
  return [...sorted];
}

function calledBy({ nodes, onFailure }: JsonRecord): unknown[] {
  const called = Array.isArray(nodes) ? nodes.map((node: JsonRecord | null) => node?.workflow) : [];
  return [...called, onFailure].filter((name) => name !== undefined);
}
