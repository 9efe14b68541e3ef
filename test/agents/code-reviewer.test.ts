import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDiff } from '../../agents/code-reviewer/diff.ts';
import { measureFunctions } from '../../agents/code-reviewer/functions.ts';
import type { Output } from '../../agents/code-reviewer/schemas.ts';
import { parseSource, syntaxOf } from '../../agents/kit/syntax.ts';
import { agentPath, callAgent, outputOf, parseOutput, runAgent } from './support/run-agent.ts';
import { commitAll, git, inWorkspace } from './support/workspace.ts';

const agent = agentPath('code-reviewer');
const review = (root: string, more: object = {}) => outputOf<Output>(agent, { repositoryPath: root, ...more });
const brief = ({ issues }: Output) => issues.map(({ rule, file, line }) => `${rule} ${file}:${String(line)}`);
const branches = (count: number) =>
  Array.from({ length: count }, (_, at) => `  if (x === ${String(at)}) return ${String(at)};`).join('\n');

describe('The code reviewer', () => {
  it('finds nothing in plain code and measures it', () =>
    inWorkspace(
      {
        'a.ts': 'export function main(a: number): number {\n  return a > 1 && a < 9 ? a : 0;\n}\n',
        'b.py': 'def f(a):\n    return a\n',
      },
      async (root) => {
        const output = parseOutput<Output>(await runAgent(agent, { repositoryPath: root }));
        assert.deepEqual(output.issues, []);
        assert.deepEqual(output.metrics, {
          avgComplexity: 2,
          maxComplexity: 3,
          totalLines: 7,
          files: [
            { file: 'a.ts', lines: 4, functions: 1, maxComplexity: 3 },
            { file: 'b.py', lines: 3, functions: 1, maxComplexity: 1 },
          ],
        });
        assert.deepEqual(output.summary, { total: 0, errors: 0, warnings: 0, info: 0, filesReviewed: 2 });
      },
    ));

  it('finds complex functions', () =>
    inWorkspace(
      { 'a.js': `function some(x) {\n${branches(12)}\n}\nfunction many(x) {\n${branches(25)}\n}\n` },
      async (root) => {
        const { issues } = await review(root, { type: 'complexity' });
        assert.deepEqual(
          issues.map(({ severity, description }) => [severity, description]),
          [
            ['error', 'many has a cyclomatic complexity of 26'],
            ['warning', 'some has a cyclomatic complexity of 13'],
          ],
        );
      },
    ));

  it('finds copied passages', () =>
    inWorkspace(
      { 'a.js': `${passage()}\nx();\n`, 'b.js': `y();\nz();\n${passage()}`, 'test/c.js': passage() },
      async (root) => {
        const output = await review(root, { type: 'duplication' });
        assert.deepEqual(brief(output), ['copied-lines b.js:3']);
        assert.match(output.issues[0]?.description ?? '', /^10 lines are a copy of a\.js:1$/);
      },
    ));

  it('finds exports that nobody imports', () =>
    inWorkspace(
      {
        'index.ts':
          "import { used, type Shape } from './lib.ts';\nimport * as all from './star.ts';\nawait import('./dynamic.ts');\nused(all);\nexport const forTheWorld: Shape = 1;\n",
        'lib.ts':
          'export function used(x: unknown) {}\nexport function dead() {}\nexport type Shape = number;\nexport const here = 1;\nconsole.error(here);\n',
        'star.ts': 'export const a = 1;\n',
        'dynamic.ts': 'export const b = 1;\n',
        'entry.ts': 'export const c = 1;\n',
      },
      async (root) => {
        const { issues } = await review(root, { type: 'dead-code' });
        assert.deepEqual(
          issues.map(({ file, line, severity }) => [file, line, severity]),
          [
            ['lib.ts', 2, 'warning'],
            ['lib.ts', 4, 'info'],
          ],
        );
      },
    ));

  it('finds risky patterns in four languages', () =>
    inWorkspace(
      {
        'a.test.js': "it.only('x', () => {});\n",
        'a.ts':
          '// @ts-ignore\ntry { f(); } catch {}\nlist.forEach(async (x) => { await x; });\nif (a == b) throw "no";\nexport function g() { return 1; h(); }\n',
        'b.py': 'def f(a=[]):\n    try:\n        g()\n    except:\n        pass\n',
        'c.go': 'package c\n\nfunc f() {\n\tfor {\n\t\tdefer g()\n\t}\n}\n',
        'D.java': 'class D { boolean f(String a) { return a == "x"; } }\n',
        'conflict.ts': '<<<<<<< HEAD\nconst a = 1;\n',
      },
      async (root) => {
        assert.deepEqual(brief(await review(root)).toSorted(), [
          'async-for-each a.ts:3',
          'bare-except b.py:4',
          'defer-in-loop c.go:5',
          'empty-catch a.ts:2',
          'focused-test a.test.js:1',
          'loose-equality a.ts:4',
          'merge-conflict conflict.ts:1',
          'mutable-default b.py:1',
          'string-identity D.java:1',
          'swallowed-exception b.py:4',
          'throw-literal a.ts:4',
          'type-check-off a.ts:1',
          'unreachable-code a.ts:5',
        ]);
      },
    ));

  it('reviews only files that match', () =>
    inWorkspace(
      { 'src/a.js': 'debugger;\n', 'src/a.py': 'def f(a=[]): pass\n', 'lib/b.js': 'debugger;\n' },
      async (root) => {
        assert.deepEqual(brief(await review(root, { filePattern: 'src/*.js' })), ['debugger-left src/a.js:1']);
      },
    ));

  it('reviews only what a change touches, between commits and in the folder', () =>
    inWorkspace({ 'a.js': 'debugger;\nx();\n', 'b.js': 'debugger;\n' }, async (root) => {
      commitAll(root, 'start');
      git(root, 'checkout', '-qb', 'work');
      await writeFile(join(root, 'a.js'), 'debugger;\nx();\ndebugger;\n');
      commitAll(root, 'change');
      assert.deepEqual(brief(await review(root, { base: 'main', head: 'work' })), ['debugger-left a.js:3']);
      await writeFile(join(root, 'b.js'), 'y();\ndebugger;\n');
      assert.deepEqual(brief(await review(root, { base: 'main' })), ['debugger-left a.js:3']);
      const { summary } = await review(root, { base: 'main', head: 'main' });
      assert.deepEqual(summary, { total: 0, errors: 0, warnings: 0, info: 0, filesReviewed: 0 });
    }));

  it('takes nothing for a revision that git could take for an option', () =>
    inWorkspace({ 'a.js': 'x();\n' }, async (root) => {
      commitAll(root, 'start');
      for (const base of ['--output=/tmp/x', 'main..other', '$(id)', '']) {
        assert.equal((await callAgent(agent, { repositoryPath: root, base })).exitCode, 1, base);
      }
      const missing = await callAgent(agent, { repositoryPath: root, base: 'nowhere' });
      assert.deepEqual(
        [missing.exitCode, missing.log.at(-1)?.['error']],
        [2, 'nowhere is no commit of this repository'],
      );
    }));
});

describe('Complexity', () => {
  const complexities = (file: string, source: string) => {
    const syntax = syntaxOf(file.slice(file.lastIndexOf('.')));
    assert.ok(syntax);
    return measureFunctions(parseSource(syntax, source), syntax.language).map(({ name, complexity }) => [
      name,
      complexity,
    ]);
  };

  it('counts decisions of the function itself in every language', () => {
    assert.deepEqual(
      complexities('a.ts', 'function f(a) { for (const x of a) { if (x && a ?? b) g(); } return a ? 1 : 2; }'),
      [['f', 6]],
    );
    assert.deepEqual(
      complexities(
        'a.ts',
        'const f = () => { const g = () => (a ? b : c); switch (x) { case 1: case 2: break; default: } };',
      ),
      [
        ['f', 3],
        ['g', 2],
      ],
    );
    assert.deepEqual(
      complexities(
        'a.py',
        'def f(a):\n    if a and b:\n        pass\n    elif c:\n        pass\n    return [x for x in a if x]\n',
      ),
      [['f', 5]],
    );
    assert.deepEqual(
      complexities(
        'a.go',
        'package a\nfunc f(a int) {\n\tif a > 1 || a < 0 {\n\t}\n\tswitch a {\n\tcase 1:\n\tcase 2:\n\t}\n}\n',
      ),
      [['f', 5]],
    );
    assert.deepEqual(
      complexities(
        'A.java',
        'class A { int f(int a) { try { while (a > 1) a--; } catch (Exception e) { return a > 2 ? 1 : 2; } return 0; } }',
      ),
      [['f', 4]],
    );
  });
});

describe('A diff', () => {
  it('gives the changed lines of the new version', () => {
    const diff =
      'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n+x\n@@ -9 +10,0 @@\n-y\ndiff --git a/b b/b\n--- a/b\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n';
    assert.deepEqual(
      [...parseDiff(diff)].map(([file, lines]) => [file, [...lines]]),
      [['a', [1, 2, 3]]],
    );
  });
});

function passage(): string {
  return Array.from(
    { length: 10 },
    (_, at) => `const value${String(at)} = compute(input, ${String(at)}, 'something long enough');`,
  ).join('\n');
}
