import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { apply } from '../../agents/patcher/apply.ts';
import { editJson } from '../../agents/patcher/formats/json.ts';
import { editToml } from '../../agents/patcher/formats/toml.ts';
import { editYaml } from '../../agents/patcher/formats/yaml.ts';
import { applyPatch } from '../../agents/patcher/operations/apply-patch.ts';
import type { Output } from '../../agents/patcher/schemas.ts';
import { formatDiff, reversed } from '../../agents/patcher/unified-diff.ts';
import { agentPath, outputOf, callAgent } from './support/run-agent.ts';
import { commitAll, git, inWorkspace } from './support/workspace.ts';

const agent = agentPath('patcher');
const read = (root: string, file: string) => readFile(join(root, file), 'utf8');

const replaceInput = (root: string, more: object = {}) => ({
  repositoryPath: root,
  operation: 'replace',
  file: 'a.txt',
  changes: [{ find: 'two', replace: 'zwei' }],
  ...more,
});

describe('The patcher', () => {
  it('shows a diff and changes nothing by default', () =>
    inWorkspace({ 'a.txt': 'one\ntwo\nthree\n' }, async (root) => {
      const output = await outputOf<Output>(agent, replaceInput(root));
      assert.equal(output.applied, false);
      assert.equal(
        output.changes[0]?.diff,
        'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n',
      );
      assert.deepEqual(output.summary, { filesChanged: 1, linesAdded: 1, linesRemoved: 1 });
      assert.equal(await read(root, 'a.txt'), 'one\ntwo\nthree\n');
    }));

  it('applies when told, keeps the mode, leaves nothing behind, and can go back', () =>
    inWorkspace({ 'a.txt': 'one\r\ntwo\r\nthree' }, async (root) => {
      await chmod(join(root, 'a.txt'), 0o755);
      const output = await outputOf<Output>(agent, replaceInput(root, { dryRun: false }));
      assert.equal(output.applied, true);
      assert.equal(await read(root, 'a.txt'), 'one\r\nzwei\r\nthree');
      assert.equal((await stat(join(root, 'a.txt'))).mode & 0o777, 0o755);
      const back = {
        repositoryPath: root,
        operation: 'apply-patch',
        changes: [{ patch: output.rollbackPatch }],
        dryRun: false,
      };
      await outputOf<Output>(agent, back);
      assert.equal(await read(root, 'a.txt'), 'one\r\ntwo\r\nthree');
      assert.deepEqual(await readdir(root), ['a.txt']);
    }));

  const refusals: Record<
    string,
    { files?: Record<string, string | Uint8Array>; input: object; says: RegExp; exitCode?: number }
  > = {
    'text that is not there': { input: { changes: [{ find: 'nine', replace: '' }] }, says: /does not contain "nine"/ },
    'text that is there twice': { files: { 'a.txt': 'two two' }, input: {}, says: /contains "two" 2 times/ },
    'a path outside': { input: { file: '../a.txt' }, says: /must be a path inside the repository/, exitCode: 1 },
    'an absolute path': { input: { file: '/etc/passwd' }, says: /must be a path inside the repository/, exitCode: 1 },
    'a file of git': { input: { file: '.git/config' }, says: /belongs to git/ },
    'a binary file': { files: { 'a.txt': Buffer.from('two\0') }, input: {}, says: /binary/ },
    'a file that is not UTF-8': {
      files: { 'a.txt': Buffer.from([0x74, 0x77, 0x6f, 0xe9]) },
      input: {},
      says: /not UTF-8/,
    },
    'a missing file': { input: { file: 'b.txt' }, says: /ENOENT: b.txt does not exist/ },
  };
  for (const [what, { files = { 'a.txt': 'one two' }, input, says, exitCode = 2 }] of Object.entries(refusals)) {
    it(`refuses ${what}`, () =>
      inWorkspace(files, async (root) => {
        const result = await callAgent(agent, replaceInput(root, { dryRun: false, ...input }));
        assert.equal(result.exitCode, exitCode, result.stderr);
        assert.match(String(result.log.at(-1)?.['error']), says);
      }));
  }

  it('refuses two patches of one file at once, for one would be lost', () =>
    inWorkspace({ 'a.txt': 'one\ntwo\n' }, async (root) => {
      const [first, second] = ['one', 'two'].map((line) =>
        formatDiff({ file: 'a.txt', before: 'one\ntwo\n', after: `one\ntwo\n`.replace(line, 'x') }),
      );
      const changes = [{ patch: first }, { patch: second }];
      const result = await callAgent(agent, { repositoryPath: root, operation: 'apply-patch', changes, dryRun: false });
      assert.deepEqual([result.exitCode, await read(root, 'a.txt')], [2, 'one\ntwo\n']);
    }));

  it('refuses links that lead outside, as a file and as a folder', () =>
    inWorkspace({ 'a.txt': 'two' }, (outside) =>
      inWorkspace({}, async (root) => {
        await symlink(join(outside, 'a.txt'), join(root, 'a.txt'));
        await symlink(outside, join(root, 'folder'));
        for (const file of ['a.txt', 'folder/a.txt']) {
          const { exitCode } = await callAgent(agent, replaceInput(root, { file, dryRun: false }));
          assert.equal(exitCode, 2, file);
        }
        assert.equal(await read(outside, 'a.txt'), 'two');
      }),
    ));

  it('refuses a repository with uncommitted changes unless told', () =>
    inWorkspace({ 'a.txt': 'two', 'b.txt': 'b' }, async (root) => {
      commitAll(root, 'start');
      await writeFile(join(root, 'b.txt'), 'changed');
      const refused = await callAgent(agent, replaceInput(root, { dryRun: false }));
      assert.equal(refused.exitCode, 2);
      assert.match(String(refused.log.at(-1)?.['error']), /uncommitted changes \(b\.txt\)/);
      await outputOf<Output>(agent, replaceInput(root, { dryRun: false, allowDirty: true }));
      assert.equal(await read(root, 'a.txt'), 'zwei');
    }));

  it('updates dependencies wherever they stand', () =>
    inWorkspace(
      {
        'package.json':
          '{\n    "dependencies": { "a": "1.0.0", "b": "^2.0.0" },\n    "devDependencies": {"a": "1.0.0"}\n}\n',
      },
      async (root) => {
        const input = {
          repositoryPath: root,
          operation: 'dependency-update',
          changes: [{ name: 'a', version: '1.1.0' }],
          dryRun: false,
        };
        await outputOf<Output>(agent, input);
        assert.equal(
          await read(root, 'package.json'),
          '{\n    "dependencies": { "a": "1.1.0", "b": "^2.0.0" },\n    "devDependencies": {"a": "1.1.0"}\n}\n',
        );
      },
    ));

  it('rewrites code by syntax', () =>
    inWorkspace(
      { 'a.ts': 'log("a", 1); // log("no")\nfoo(log(b));\n', 'b.py': 'log("a", 1)\n', 'c.md': 'log("a", 1)' },
      async (root) => {
        const input = {
          repositoryPath: root,
          operation: 'codemod',
          changes: [{ pattern: 'log($FIRST, $$$REST)', rewrite: 'logger.info($FIRST, $$$REST)' }],
          dryRun: false,
        };
        const output = await outputOf<Output>(agent, {
          ...input,
          file: '*.ts',
          changes: [{ pattern: 'log($A, $B)', rewrite: 'logger.info($B, $A)' }],
        });
        assert.deepEqual(
          output.changes.map(({ file }) => file),
          ['a.ts'],
        );
        assert.equal(await read(root, 'a.ts'), 'logger.info(1, "a"); // log("no")\nfoo(log(b));\n');
      },
    ));
});

describe('Configuration edits keep everything else', () => {
  it('in JSON with comments', () => {
    const text = '{\n  // the port\n  "port": 80, /* old */\n  "list": [1, 2,],\n}\n';
    assert.equal(editJson(text, { path: ['port'], value: 8080 }), text.replace('80,', '8080,'));
    assert.equal(editJson(text, { path: ['list', 1], value: 'x' }), text.replace('2,]', '"x",]'));
    assert.equal(editJson('{"a":1,"b":2}', { path: ['a'], remove: true }), '{"b":2}');
    assert.equal(editJson('{"a":1,"b":2}', { path: ['b'], remove: true }), '{"a":1}');
    assert.equal(editJson('{\n  "a": 1\n}\n', { path: ['b'], value: [1] }), '{\n  "a": 1,\n  "b": [\n    1\n  ]\n}\n');
  });

  it('in YAML', () => {
    const text = '# top\nname: app   # the name\nimage:\n  tag: "1.0"\n  other:   [a,  b]\n';
    assert.equal(editYaml(text, { path: ['image', 'tag'], value: '2.0' }), text.replace('"1.0"', '"2.0"'));
    assert.equal(editYaml(text, { path: ['name'], value: 'web' }), text.replace('app ', 'web '));
    assert.match(
      editYaml(text, { path: ['image', 'digest'], value: 'x' }),
      /# top\nname: app {1,3}# the name\nimage:\n {2}tag: "1.0"\n[\s\S]*digest: x/,
    );
  });

  it('in TOML', () => {
    const text = '# top\nname = "app" # name\n\n[tool.x]\nlevel = 3\n\n[other]\nlevel = 9\n';
    assert.equal(editToml(text, { path: ['tool', 'x', 'level'], value: 4 }), text.replace('level = 3', 'level = 4'));
    assert.equal(editToml(text, { path: ['name'], value: 'web' }), text.replace('"app"', '"web"'));
    assert.equal(
      editToml(text, { path: ['tool', 'x', 'on'], value: true }),
      text.replace('level = 3\n', 'level = 3\non = true\n'),
    );
  });
});

/** Lines of few kinds, so that they repeat; with and without line ends, Windows ones, and characters of many bytes. */
const line = fc.constantFrom(
  'a\n',
  'b\n',
  'c\r\n',
  '\n',
  '-- x\n',
  '+++ y\n',
  'ü€😀\n',
  '\\ No newline at end of file\n',
  '@@ -1 +1 @@\n',
);
const content = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('', 'end', '\uFEFFx', 'y\r'))
  .map(([lines, tail]) => lines.join('') + tail);
const side = fc.option(content, { nil: undefined, freq: 8 });
const fileName = fc.constantFrom('a.txt', 'deep/er/b.txt', 'with space.txt', 'ünï.txt', 'quote".txt');
const edits = fc.uniqueArray(fc.record({ file: fileName, before: side, after: side }), {
  selector: ({ file }) => file,
  minLength: 1,
  maxLength: 4,
});

describe('A patch and its reverse', () => {
  it('give back every byte of random trees', async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        const changed = all.filter(({ before, after }) => before !== after);
        const files = Object.fromEntries(
          all.flatMap(({ file, before }) => (before === undefined ? [] : [[file, before]])),
        );
        await inWorkspace(files, async (root) => {
          await apply(root, changed);
          const rollback = changed.map((edit) => formatDiff(reversed(edit))).join('');
          if (rollback !== '') await apply(root, await applyPatch(root, patchInput(root, rollback)));
          for (const { file, before } of all)
            assert.equal(await readFile(join(root, file), 'utf8').catch(() => undefined), before, file);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('is a patch that git accepts', async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        const changed = all.filter(({ before, after }) => before !== after);
        const files = Object.fromEntries(
          changed.flatMap(({ file, before }) => (before === undefined ? [] : [[file, before]])),
        );
        if (changed.length === 0) return;
        await inWorkspace(files, async (root) => {
          git(root, 'init', '-q');
          execFileSync('git', ['-C', root, 'apply', '--whitespace=nowarn', '-'], {
            input: changed.map(formatDiff).join(''),
          });
          for (const { file, after } of changed)
            assert.equal(await readFile(join(root, file), 'utf8').catch(() => undefined), after, file);
        });
      }),
      { numRuns: 40 },
    );
  });
});

function patchInput(repositoryPath: string, patch: string) {
  return { repositoryPath, operation: 'apply-patch' as const, changes: [{ patch }], dryRun: false, allowDirty: true };
}
