import { posix } from 'node:path';
import type { Issue } from '../schemas.ts';
import type { Source } from '../sources.ts';

const IMPORT = /\b(?:import|export)\s+(?:type\s+)?([\w$*\s,{}]*?)\s*\bfrom\s*['"](\.[^'"]*)['"]/g;
const SIDE_EFFECT_IMPORT = /\bimport\s*\(?\s*['"](\.[^'"]*)['"]/g;
const REQUIRE = /(?:(?:const|let|var)\s+(?:\{([^}]*)\}|\w+)\s*=\s*)?\brequire\(\s*['"](\.[^'"]*)['"]\s*\)/g;
const REFERENCE = /['"](\.\.?\/[^'"\s]+\.[cm]?[jt]sx?)['"]/g;
const EXPORT =
  /^export\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(function\*?|const|let|var|class|interface|type|enum)\s+([\w$]+)/gm;
const EXPORT_LIST = /^export\s+(?:type\s+)?\{([^}]*)\}\s*(?!\s*from)(?:;|$)/gm;
const ENTRY =
  /(^|\/)(index|main|cli|schemas|[\w.-]+\.config)\.[cm]?[jt]sx?$|\.(test|spec|stories)\.\w+$|(^|\/)(tests?|scripts|bin|examples|pages|app)\//;
const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '/index.ts', '/index.tsx', '/index.js'];

/** Exports of JavaScript and TypeScript modules that no other file of the repository imports. */
export function checkDeadExports(sources: readonly Source[]): Issue[] {
  const modules = sources.filter(({ syntax }) => syntax.language === 'javascript');
  const paths = new Set(modules.map(({ path }) => path));
  const used = collectImports(modules, paths);
  return modules.flatMap((source) => {
    const names = used.get(source.path);
    // a file that nobody imports is an entry of its own: what it exports is for the outside
    if (names === undefined || names.has('*') || ENTRY.test(source.path)) return [];
    return exportsOf(source)
      .filter(({ name }) => !names.has(name))
      .flatMap((dead) => toIssue(source, dead));
  });
}

/** Path → names that others import from it, `*` when that cannot be told. */
function collectImports(modules: readonly Source[], paths: ReadonlySet<string>): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const { path, text } of modules) {
    for (const { specifier, names } of importsOf(text)) {
      const target = resolve(posix.dirname(path), specifier, paths);
      if (target !== undefined) used.set(target, new Set([...(used.get(target) ?? []), ...names]));
    }
  }
  return used;
}

function importsOf(text: string): { specifier: string; names: string[] }[] {
  const named = [...text.matchAll(IMPORT)].map(([, clause = '', specifier = '']) => ({
    specifier,
    names: namesIn(clause),
  }));
  const dynamic = [...text.matchAll(SIDE_EFFECT_IMPORT)].map(([, specifier = '']) => ({ specifier, names: ['*'] }));
  const required = [...text.matchAll(REQUIRE)].map(([, list, specifier = '']) => ({
    specifier,
    names: list === undefined ? ['*'] : namesIn(`{${list}}`),
  }));
  const known = new Set([...named, ...dynamic, ...required].map(({ specifier }) => specifier));
  // a path in any other string (new URL, new Worker) loads it whole
  const referenced = [...text.matchAll(REFERENCE)]
    .map(([, specifier = '']) => ({ specifier, names: ['*'] }))
    .filter(({ specifier }) => !known.has(specifier));
  return [...named, ...dynamic, ...required, ...referenced];
}

/** `a, { b as c, type D }` → default, b, D; a star stays one. */
function namesIn(clause: string): string[] {
  if (clause.includes('*')) return ['*'];
  const list = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  const listed = list.split(',').map(
    (item) =>
      item
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+|:/)[0]
        ?.trim() ?? '',
  );
  const whole = clause
    .replace(/\{[^}]*\}/, '')
    .replaceAll(',', '')
    .trim();
  return [...listed.filter(Boolean), ...(whole === '' ? [] : ['default'])];
}

function resolve(folder: string, specifier: string, paths: ReadonlySet<string>): string | undefined {
  const base = posix.join(folder, specifier);
  const candidates = [
    ...EXTENSIONS.map((extension) => base + extension),
    base.replace(/\.js(x?)$/, '.ts$1'),
    base.replace(/\.mjs$/, '.mts'),
  ];
  return candidates.find((candidate) => paths.has(candidate));
}

interface Export {
  readonly name: string;
  readonly isType: boolean;
  readonly line: number;
}

function exportsOf({ text }: Source): Export[] {
  const declared = [...text.matchAll(EXPORT)].map((match) => ({
    name: match[2] ?? '',
    isType: match[1] === 'interface' || match[1] === 'type',
    line: lineAt(text, match.index),
  }));
  const listed = [...text.matchAll(EXPORT_LIST)].flatMap((match) =>
    (match[1] ?? '').split(',').map((item) => ({
      name:
        item
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? '',
      isType: false,
      line: lineAt(text, match.index),
    })),
  );
  return [...declared, ...listed].filter(({ name }) => name !== '' && name !== 'default');
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** A type that only the file's own signatures use is exported so that callers can name it. */
function toIssue({ path, text }: Source, { name, line, isType }: Export): Issue[] {
  const usedHere = text.split(new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`)).length > 2;
  if (usedHere && isType) return [];
  const place = { type: 'dead-code', rule: 'dead-export', file: path, line } as const;
  if (!usedHere) {
    const description = `${name} is exported but nobody imports it`;
    return [{ ...place, severity: 'warning', description, suggestion: 'Remove it' }];
  }
  const description = `${name} is exported but used in this file only`;
  return [{ ...place, severity: 'info', description, suggestion: 'Drop the export' }];
}
