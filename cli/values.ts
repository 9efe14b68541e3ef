import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse as parseYaml } from 'yaml';
import { usageError } from './exit-codes.ts';
import type { World } from './session.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** For options that may be given again and again. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** `key=value`, split at the first sign. */
export function readPair(given: string, option: string): [string, string] {
  const at = given.indexOf('=');
  if (at < 1) throw usageError(`${option} ${given} is no key=value`);
  return [given.slice(0, at), given.slice(at + 1)];
}

/** What is JSON is taken as such (`3`, `true`, `["a"]`, `"3"`), anything else is text. */
export function readValue(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

/** A whole number within bounds, for commander. */
export function wholeNumber(name: string, least = 1): (given: string) => number {
  return (given) => {
    const value = Number(given);
    if (!Number.isSafeInteger(value) || value < least)
      throw usageError(`${name} ${given} is no whole number from ${least} on`);
    return value;
  };
}

/** The text of a file, or of stdin for `-`. */
export async function readSource(path: string, { cwd, stdin }: Pick<World, 'cwd' | 'stdin'>): Promise<string> {
  if (path === '-') return text(stdin);
  return readFile(resolve(cwd, path), 'utf8').catch((error: unknown) => {
    throw usageError(`${path} cannot be read: ${(error as Error).message}`);
  });
}

/** JSON or YAML, by the name; stdin may be either (JSON is YAML). */
export function parseDocument(source: string, path: string): unknown {
  try {
    return path.endsWith('.json') ? JSON.parse(source) : parseYaml(source);
  } catch (error) {
    throw usageError(`${path} cannot be understood: ${(error as Error).message}`);
  }
}
