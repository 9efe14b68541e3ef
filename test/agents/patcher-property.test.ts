import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as fc from 'fast-check';
import type { Output } from '../../agents/patcher/schemas.ts';
import { agentPath, outputOf } from './support/run-agent.ts';
import { inWorkspace } from './support/workspace.ts';

const agent = agentPath('patcher');
type Files = Readonly<Record<string, string>>;

/** A random tree, what to do to it, and what must be in it afterwards; `kept` stands in the file before and after. */
interface Case {
  readonly files: Files;
  readonly input: Readonly<Record<string, unknown>>;
  readonly file: string;
  readonly now: string;
  readonly kept: readonly string[];
}

const word = fc.stringMatching(/^[a-z]{3,8}$/);
const words = fc.uniqueArray(word, { minLength: 2, maxLength: 8 });
const note = fc.constantFrom('a note', 'ü€😀', '-- dashes', '@@ -1 +1 @@', '"quoted"', 'tab\there');
const lineEnd = fc.constantFrom('\n', '\r\n');
const lastEnd = fc.boolean();
const indent = fc.constantFrom('  ', '    ', '\t');
/** Files that nothing is done to: they must stay as well. */
const others = fc.dictionary(
  fc.constantFrom('notes.txt', 'deep/er/still.md', 'with space.txt', 'ünï.txt'),
  fc.constantFrom('', 'x', 'x\r\ny\n', '\uFEFFmark\n', '+++ b/other\n'),
);

/** Lines joined as the tree's author would, with or without the last line end. */
const joined = (lines: readonly string[], end: string, last: boolean) => lines.join(end) + (last ? end : '');

const replacements: fc.Arbitrary<Case> = fc
  .record({ words, note, lineEnd, lastEnd, others })
  .map(({ words: all, note: text, lineEnd: end, lastEnd: last, others: rest }) => ({
    files: { ...rest, 'text.txt': joined([`# ${text}`, ...all.map((one) => `<${one}>`)], end, last) },
    input: {
      operation: 'replace',
      file: 'text.txt',
      changes: [{ find: `<${all[0] ?? ''}>`, replace: `[${text}]\nnew` }],
    },
    file: 'text.txt',
    now: `[${text}]\nnew`,
    kept: [`# ${text}`, `<${all[1] ?? ''}>`],
  }));

const dependencyUpdates: fc.Arbitrary<Case> = fc
  .record({ words, indent, lineEnd, lastEnd, others })
  .map(({ words: all, indent: by, lineEnd: end, lastEnd: last, others: rest }) => {
    const dependencies = Object.fromEntries(all.map((name, at) => [name, `^${String(at)}.0.0`]));
    const text = JSON.stringify({ name: 'app', dependencies, devDependencies: dependencies }, null, by);
    return {
      files: { ...rest, 'package.json': joined(text.split('\n'), end, last) },
      input: { operation: 'dependency-update', changes: [{ name: all[0], version: '9.9.9' }] },
      file: 'package.json',
      now: `"${all[0] ?? ''}": "9.9.9"`,
      kept: [`"${all[1] ?? ''}": "^1.0.0"`],
    };
  });

/** How a file of each format says `name: 1` with a comment behind it. */
const FORMATS = {
  'settings.jsonc': (names: readonly string[], text: string) => [
    '{',
    ...names.map((name, at) => `  "${name}": ${String(at)}, // ${text} ${name}`),
    '  "last": true',
    '}',
  ],
  'settings.yaml': (names: readonly string[], text: string) => [
    `# ${text}`,
    ...names.map((name, at) => `${name}: ${String(at)} # ${text} ${name}`),
  ],
  'settings.toml': (names: readonly string[], text: string) => [
    `# ${text}`,
    ...names.map((name, at) => `${name} = ${String(at)} # ${text} ${name}`),
  ],
} as const;

const configEdits = (file: keyof typeof FORMATS): fc.Arbitrary<Case> =>
  fc
    .record({ words, note, lineEnd, lastEnd, others })
    .map(({ words: all, note: text, lineEnd: end, lastEnd: last, others: rest }) => ({
      files: { ...rest, [file]: joined(FORMATS[file](all, text), end, last) },
      input: { operation: 'config-edit', file, changes: [{ path: [all[0]], value: 4711 }] },
      file,
      now: '4711',
      kept: all.map((name) => `${text} ${name}`),
    }));

const codemods: fc.Arbitrary<Case> = fc
  .record({ words, note, lineEnd, lastEnd, others })
  .map(({ words: all, note: text, lineEnd: end, lastEnd: last, others: rest }) => ({
    files: {
      ...rest,
      'src/a.ts': joined(
        all.map((name) => `log('${name}', 1); // ${text.replace(/\t/g, ' ')} ${name}`),
        end,
        last,
      ),
      'src/b.py': `log('${all[0] ?? ''}', 1)\n`,
    },
    input: { operation: 'codemod', file: '*.ts', changes: [{ pattern: 'log($A, $B)', rewrite: 'say($B, $A)' }] },
    file: 'src/a.ts',
    now: `say(1, '${all[0] ?? ''}')`,
    kept: all.map((name) => `${text.replace(/\t/g, ' ')} ${name}`),
  }));

const MODES: Readonly<Record<string, fc.Arbitrary<Case>>> = {
  'a replacement of text': replacements,
  'an update of dependencies': dependencyUpdates,
  'an edit of JSON': configEdits('settings.jsonc'),
  'an edit of YAML': configEdits('settings.yaml'),
  'an edit of TOML': configEdits('settings.toml'),
  'a codemod': codemods,
};

describe('Of random trees, patch and reverse patch', function () {
  this.timeout(120_000);
  for (const [mode, cases] of Object.entries(MODES)) {
    it(`give back every byte after ${mode}, which keeps the rest`, () =>
      fc.assert(
        fc.asyncProperty(cases, ({ files, input, file, now, kept }) =>
          inWorkspace(files, async (root) => {
            const run = (more: object) =>
              outputOf<Output>(agent, { repositoryPath: root, dryRun: false, allowDirty: true, ...more });
            const before = await bytesOf(root);
            const { rollbackPatch, applied } = await run(input);
            assert.ok(applied);
            const text = await readFile(join(root, file), 'utf8');
            for (const part of [now, ...kept]) assert.ok(text.includes(part), `${part} is not in ${text}`);
            await run({ operation: 'apply-patch', changes: [{ patch: rollbackPatch }] });
            assert.deepEqual(await bytesOf(root), before);
          }),
        ),
        { numRuns: 20 },
      ));
  }
});

async function bytesOf(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => [relative(root, file), await readFile(file, 'base64')]));
  return Object.fromEntries(texts.sort()) as Record<string, string>;
}
