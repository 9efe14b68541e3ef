import { createRequire } from 'node:module';
import { registerDynamicLanguage, type parse } from '@ast-grep/napi';
import { goImports, go } from './dialects/go.ts';
import { java, javaImports } from './dialects/java.ts';
import { javascript, javascriptImports } from './dialects/javascript.ts';
import { python, pythonImports } from './dialects/python.ts';
import type { RuleSet } from './rule.ts';
import { goRules } from './rules/go.ts';
import { javaRules } from './rules/java.ts';
import { javascriptRules } from './rules/javascript.ts';
import { pythonRules } from './rules/python.ts';
import type { Dialect, Imports } from './shape.ts';

export interface Language {
  /** As ast-grep calls it. */
  readonly grammar: Parameters<typeof parse>[0];
  readonly dialect: Dialect;
  readonly rules: RuleSet;
  readonly imports: (source: string) => Imports;
}

const web = (grammar: string): Language => ({
  grammar,
  dialect: javascript,
  rules: javascriptRules,
  imports: javascriptImports,
});

const BY_EXTENSION: ReadonlyMap<string, Language> = new Map([
  ['.js', web('Tsx')], // a superset that reads JSX and Flow-like annotations too
  ['.mjs', web('JavaScript')],
  ['.cjs', web('JavaScript')],
  ['.jsx', web('Tsx')],
  ['.ts', web('TypeScript')],
  ['.mts', web('TypeScript')],
  ['.cts', web('TypeScript')],
  ['.tsx', web('Tsx')],
  ['.py', { grammar: 'python', dialect: python, rules: pythonRules, imports: pythonImports }],
  ['.go', { grammar: 'go', dialect: go, rules: goRules, imports: goImports }],
  ['.java', { grammar: 'java', dialect: java, rules: javaRules, imports: javaImports }],
]);

/** The language of a file by its extension (with the dot), or undefined when no rule reads it. */
export function languageOf(extension: string): Language | undefined {
  return BY_EXTENSION.get(extension);
}

/** The grammars that do not come with ast-grep; registering them is process-wide and may happen once only. */
let registered = false;

/** Makes Python, Go and Java known to ast-grep. Throws when this platform has no prebuilt parser for one of them. */
export function registerLanguages(): void {
  if (registered) return;
  const load = createRequire(import.meta.url);
  registerDynamicLanguage({
    python: load('@ast-grep/lang-python') as never,
    go: load('@ast-grep/lang-go') as never,
    java: load('@ast-grep/lang-java') as never,
  });
  registered = true;
}
