import { syntaxOf, type LanguageName, type Syntax } from '../../kit/syntax.ts';
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
  readonly syntax: Syntax;
  readonly dialect: Dialect;
  readonly rules: RuleSet;
  readonly imports: (source: string) => Imports;
}

const LANGUAGES: Readonly<Record<LanguageName, Omit<Language, 'syntax'>>> = {
  javascript: { dialect: javascript, rules: javascriptRules, imports: javascriptImports },
  python: { dialect: python, rules: pythonRules, imports: pythonImports },
  go: { dialect: go, rules: goRules, imports: goImports },
  java: { dialect: java, rules: javaRules, imports: javaImports },
};

/** The language of a file by its extension (with the dot), or undefined when no rule reads it. */
export function languageOf(extension: string): Language | undefined {
  const syntax = syntaxOf(extension);
  return syntax === undefined ? undefined : { syntax, ...LANGUAGES[syntax.language] };
}
