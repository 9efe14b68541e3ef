import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Unretryable } from '../kit/index.ts';
import type { Finding } from './schemas.ts';

/** Leaves out what the baseline file knows. The file is an earlier output of this agent, or an array of fingerprints. */
export async function withoutBaseline(
  findings: readonly Finding[],
  root: string,
  path: string | undefined,
): Promise<readonly Finding[]> {
  if (path === undefined) return findings;
  const known = parseBaseline(await readFile(join(root, path), 'utf8'), path);
  return findings.filter(({ fingerprint }) => !known.has(fingerprint));
}

function parseBaseline(json: string, path: string): Set<string> {
  try {
    const content = JSON.parse(json) as unknown;
    const entries = Array.isArray(content) ? content : (content as { findings: unknown[] }).findings;
    return new Set(entries.map((entry) => (typeof entry === 'string' ? entry : (entry as Finding).fingerprint)));
  } catch {
    throw new Unretryable(`The baseline ${path} is neither an array of fingerprints nor an output of this agent`);
  }
}
