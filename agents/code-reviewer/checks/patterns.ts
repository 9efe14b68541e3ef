import type { SgNode } from '@ast-grep/napi';
import type { LanguageName } from '../../kit/syntax.ts';
import { goPatterns } from '../patterns/go.ts';
import { javaPatterns } from '../patterns/java.ts';
import { javascriptPatterns } from '../patterns/javascript.ts';
import type { Pattern } from '../patterns/pattern.ts';
import { pythonPatterns } from '../patterns/python.ts';
import type { Issue } from '../schemas.ts';
import type { Source } from '../sources.ts';

const PATTERNS: Readonly<Record<LanguageName, readonly Pattern[]>> = {
  javascript: javascriptPatterns,
  python: pythonPatterns,
  go: goPatterns,
  java: javaPatterns,
};

/** TypeScript's own nodes are unknown to the grammar of plain JavaScript. */
const TYPED_ONLY = new Set(['explicit-any']);

/** Shapes that often are mistakes, and marks that people leave for later. */
export function checkPatterns(source: Source, root: SgNode): Issue[] {
  const typed = String(source.syntax.grammar) !== 'JavaScript';
  const patterns = PATTERNS[source.syntax.language].filter(({ rule }) => typed || !TYPED_ONLY.has(rule));
  return [...patterns.flatMap((pattern) => apply(pattern, source, root)), ...checkLines(source)];
}

function apply(
  { rule, type, severity, description, suggestion, matcher, accept }: Pattern,
  { path }: Source,
  root: SgNode,
): Issue[] {
  return root
    .findAll(matcher)
    .filter((node) => accept?.(node, path) ?? true)
    .map((node) => ({ rule, type, severity, file: path, line: node.range().start.line + 1, description, suggestion }));
}

function checkLines({ path, lines }: Source): Issue[] {
  return lines.flatMap((text, index) => checkLine(text, path, index + 1));
}

function checkLine(text: string, file: string, line: number): Issue[] {
  if (/^(<{7}|>{7}) /.test(text)) {
    const description = 'A conflict mark was left in the file';
    return [
      {
        rule: 'merge-conflict',
        type: 'risk',
        severity: 'error',
        file,
        line,
        description,
        suggestion: 'Resolve the conflict',
      },
    ];
  }
  const mark = /(?:\/\/|#|\*)\s*(TODO|FIXME|XXX|HACK)\b/.exec(text)?.[1];
  if (mark === undefined) return [];
  const description = `${mark} was left in the code`;
  return [
    {
      rule: 'left-for-later',
      type: 'style',
      severity: 'info',
      file,
      line,
      description,
      suggestion: 'Do it, or file it',
    },
  ];
}
