import { dottedPath } from './problems.ts';
import { unfoldingProblem } from './schema-unfolding.ts';
import { tooDeepPath } from './size.ts';

/** What a user's schema may be: compiling one makes code, and code for a huge one takes seconds. */
const MOST_CHARACTERS = 262_144;
const MOST_KEYWORDS = 20_000;
const DEEPEST = 64;

/** Why a schema must not be compiled, or null. */
export function schemaLimitProblem(schema: unknown): string | null {
  const deep = tooDeepPath(schema, DEEPEST);
  if (deep !== null) return `Nested deeper than ${DEEPEST} levels at ${dottedPath(deep)}`;
  const size = JSON.stringify(schema).length;
  if (size > MOST_CHARACTERS) return `A schema has at most ${MOST_CHARACTERS} characters, this has ${size}`;
  return keywordProblem(schema) ?? unfoldingProblem(schema);
}

function keywordProblem(schema: unknown): string | null {
  let keywords = 0;
  const open: { value: unknown; path: readonly PropertyKey[] }[] = [{ value: schema, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [key, value] of Object.entries(next.value)) {
      keywords += 1;
      const path = [...next.path, Array.isArray(next.value) ? Number(key) : key];
      if (isRemoteReference(key, value))
        return `${dottedPath(path)}: only references within the schema are followed ("#/…"), not ${JSON.stringify(value)}`;
      open.push({ value, path });
    }
  }
  return keywords > MOST_KEYWORDS ? `A schema has at most ${MOST_KEYWORDS} keywords, this has ${keywords}` : null;
}

function isRemoteReference(key: string, value: unknown): boolean {
  return /^\$(ref|dynamicRef|recursiveRef)$/.test(key) && typeof value === 'string' && !value.startsWith('#');
}
