import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Output } from '../../agents/code-reviewer/schemas.ts';
import { agentPath, callAgent, outputOf } from './support/run-agent.ts';
import { commitAll, inWorkspace } from './support/workspace.ts';

const INSTALLED = fileURLToPath(new URL('../../node_modules', import.meta.url));
const agent = agentPath('code-reviewer');
const review = (root: string, more: object = {}) =>
  outputOf<Output>(agent, { repositoryPath: root, type: 'lint', projectLint: true, ...more });
const brief = ({ issues }: Output) =>
  issues.map(({ severity, rule, file, line }) => `${severity} ${rule} ${file}:${String(line)}`);

/** A configuration with a rule of the project's own, which leaves a mark that it ran and says what it can see. */
const CONFIGURATION = `import { writeFileSync } from 'node:fs';
writeFileSync(new URL('configuration-ran', import.meta.url), Object.keys(process.env).join());
const house = { rules: { 'no-later': { create: (context) => ({ Identifier(node) {
  if (node.name === 'later') context.report({ node, message: 'Do it now' });
} }) } } };
export default [{ plugins: { house }, rules: { 'house/no-later': 'warn', eqeqeq: 'error', 'no-var': 'error' } }];
`;
const FILES = {
  'package.json': '{ "type": "module" }',
  'eslint.config.js': CONFIGURATION,
  'src/a.js': 'export const later = 1;\nexport const same = (a, b) => a == b;\nvar old = 2;\n',
  'src/broken.js': 'export const = 1;\n',
};

/** A repository in which ESLint is installed: its own copy, with what it needs beside it. */
async function withEslint(
  files: Readonly<Record<string, string>>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  await inWorkspace(files, async (root) => {
    const modules = join(root, 'node_modules');
    await mkdir(modules);
    await cp(join(INSTALLED, 'eslint'), join(modules, 'eslint'), { recursive: true });
    for (const name of await readdir(INSTALLED))
      if (name !== 'eslint' && !name.startsWith('.')) await symlink(join(INSTALLED, name), join(modules, name));
    await test(root);
  });
}

describe('The project’s own lint', () => {
  it('finds what the project’s version and rules find, beside ours', () =>
    withEslint(FILES, async (root) => {
      const output = await review(root, { type: 'all' });
      const { version } = JSON.parse(await readFile(join(INSTALLED, 'eslint/package.json'), 'utf8')) as {
        version: string;
      };
      assert.deepEqual(output.projectLint, { ran: true, version });
      const lint = { ...output, issues: output.issues.filter(({ type }) => type === 'lint') };
      assert.deepEqual(brief(lint).sort(), [
        'error eslint:eqeqeq src/a.js:2',
        'error eslint:no-var src/a.js:3',
        'error eslint:syntax src/broken.js:1',
        'warning eslint:house/no-later src/a.js:1',
      ]);
      assert.ok(
        output.issues.some(({ type }) => type !== 'lint'),
        'our own checks are missing',
      );
      assert.equal(output.issues.find(({ rule }) => rule === 'eslint:no-var')?.suggestion, 'eslint --fix repairs it');

      const only = await review(root, { filePattern: 'src/broken.js' });
      assert.deepEqual(brief(only), ['error eslint:syntax src/broken.js:1']);
    }));

  it('runs nothing of the repository unless asked, and then without secrets', () =>
    withEslint(FILES, async (root) => {
      const input = { repositoryPath: root, type: 'lint' };
      assert.equal((await outputOf<Output>(agent, input)).projectLint, undefined);
      assert.ok(!(await readdir(root)).includes('configuration-ran'), 'the configuration was run');

      await callAgent(agent, { ...input, projectLint: true }, { env: { CANARY_TOKEN: 'canary' } });
      const seen = await readFile(join(root, 'configuration-ran'), 'utf8');
      assert.ok(seen.includes('PATH') && !seen.includes('CANARY'), seen);
    }));

  it('says why it could not run, and goes on', () =>
    withEslint(FILES, async (root) => {
      const reasonOf = async (more: object = {}) => {
        const { projectLint, summary } = await review(root, { type: 'all', ...more });
        assert.ok(summary.filesReviewed > 0, 'nothing else was reviewed');
        assert.equal(projectLint?.ran, false);
        return projectLint.reason ?? '';
      };
      await writeFile(join(root, 'b.py'), 'x = 1\n');
      assert.match(await reasonOf({ filePattern: '*.py' }), /no JavaScript or TypeScript/);
      await writeFile(join(root, 'eslint.config.js'), 'throw new Error("no such preset");\n');
      assert.match(await reasonOf(), /^ESLint could not lint: .*no such preset/);
      await writeFile(join(root, '.gitignore'), 'node_modules\n');
      commitAll(root, 'all');
      assert.match((await review(root, { base: 'HEAD', head: 'HEAD' })).projectLint?.reason ?? '', /leave out head/);
      await rm(join(root, 'node_modules/eslint'), { recursive: true });
      assert.match(await reasonOf(), /not installed in the repository.*npm ci/);
      await symlink(join(INSTALLED, 'eslint'), join(root, 'node_modules/eslint'));
      assert.match(await reasonOf(), /leads out of the repository/);
    }));
});
