import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { agentPath, callAgent, fixturePath, runAgent } from './support/run-agent.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../agents', import.meta.url));
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'schemas.ts')));
const read = (name: string, file: string) => readFileSync(join(folder, name, file), 'utf8');
const readManifest = (name: string) => JSON.parse(read(name, 'package.json')) as Manifest;

interface Manifest {
  name: string;
  version: string;
  description: string;
  type: string;
  scripts: { start: string };
  dependencies: Record<string, string>;
  commandcenter: Record<string, unknown>;
}

interface Schemas {
  InputSchema: { safeParse(value: unknown): { success: boolean; error?: unknown } };
  OutputSchema: { safeParse(value: unknown): { success: boolean } };
}

describe('Every agent of this repository', () => {
  for (const name of names) {
    describe(name, () => {
      it('has all that a folder needs to ship alone', () => {
        for (const file of [
          'package.json',
          'index.ts',
          'schemas.ts',
          'Dockerfile',
          '.dockerignore',
          'README.md',
          '.npmrc',
          'example-input.json',
        ]) {
          assert.ok(existsSync(join(folder, name, file)), file);
        }
        assert.match(read(name, '.npmrc'), /^loglevel=silent$/m);
        assert.match(read(name, 'Dockerfile'), /^USER node$/m);
        assert.match(read(name, 'Dockerfile'), /^FROM node:\d+\.\d+\.\d+-alpine/m);
      });

      it('tells the engine what it needs', () => {
        const { commandcenter, type, description } = readManifest(name);
        assert.equal(type, 'module');
        assert.ok(description.length > 20);
        assert.deepEqual(Object.keys(commandcenter).toSorted(), [
          'network',
          'pool',
          'riskLevel',
          'secrets',
          'timeoutSeconds',
          'workspace',
        ]);
      });

      it('names exactly the packages that it imports, in the versions of the repository', async () => {
        const root = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8')) as {
          dependencies: Record<string, string>;
        };
        const imported = await importedPackages(name);
        const { dependencies } = readManifest(name);
        assert.deepEqual(Object.keys(dependencies).toSorted(), imported);
        for (const [dependency, version] of Object.entries(dependencies))
          assert.equal(version, root.dependencies[dependency], dependency);
      });

      it('accepts its own example', async () => {
        const { InputSchema } = (await import(join(folder, name, 'schemas.ts'))) as Schemas;
        const result = InputSchema.safeParse(JSON.parse(read(name, 'example-input.json')));
        assert.ok(result.success, String(result.error));
      });

      it('refuses to run without input and with input that does not fit', async () => {
        // once as a program; what it does with its input is the same when it is loaded
        const [none, wrong] = await Promise.all([runAgent(agentPath(name), undefined), callAgent(agentPath(name), {})]);
        assert.deepEqual([none.exitCode, none.log.at(-1)?.['error']], [1, 'No input provided']);
        assert.equal(wrong.exitCode, 1);
        assert.match(String(wrong.log.at(-1)?.['error']), /^Zod validation failed: \w+: /);
      });
    });
  }

  it('says ENOENT for a repository that is not there', async () => {
    const scanner = await callAgent(agentPath('security-scanner'), { repositoryPath: '/does/not/exist' });
    assert.equal(scanner.exitCode, 1);
    assert.match(String(scanner.log.at(-1)?.['error']), /^ENOENT: .*\/does\/not\/exist/);
  });

  it('starts with npm in its folder and prints nothing but JSON', async () => {
    const { stdout } = await run('npm', ['start', '{"channel":"console","message":"it\'s \\"quoted\\" $HOME"}'], {
      cwd: join(folder, 'notifier'),
    });
    assert.equal((JSON.parse(stdout) as { success: boolean }).success, true);
  });

  it('runs as one bundled file', async () => {
    await run(process.execPath, ['--import=tsx', join(folder, '../scripts/agents-build.ts')]);
    const { stdout } = await run(process.execPath, [
      join(folder, 'notifier/dist/index.js'),
      '{"channel":"console","message":"hi"}',
    ]);
    assert.equal((JSON.parse(stdout) as { success: boolean }).success, true);
  });
});

describe('An agent in another language', () => {
  it('is a program in Python', async function () {
    if (spawnSync('python3', ['--version']).status !== 0) return this.skip();
    const { stdout } = await run('python3', [fixturePath('python-echo/main.py'), '{"name":"Ada"}']);
    assert.deepEqual(JSON.parse(stdout), { greeting: 'Hello Ada' });
    const failed = spawnSync('python3', [fixturePath('python-echo/main.py')], { encoding: 'utf8' });
    assert.deepEqual([failed.status, JSON.parse(failed.stderr)], [1, { error: 'No input provided', retryable: true }]);
  });

  it('is a program in shell', () => {
    const direct = spawnSync('sh', [fixturePath('shell-echo/main.sh'), '{"a":1}'], { encoding: 'utf8' });
    assert.deepEqual([direct.status, JSON.parse(direct.stdout)], [0, { bytes: 7 }]);
    const piped = spawnSync('sh', [fixturePath('shell-echo/main.sh'), '-'], { encoding: 'utf8', input: '{"b":22}' });
    assert.deepEqual(JSON.parse(piped.stdout), { bytes: 8 });
  });
});

/** What esbuild leaves outside of the agent's bundle. */
async function importedPackages(name: string): Promise<string[]> {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: [join(folder, name, 'index.ts')],
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: folder,
  });
  const sources = Object.keys(metafile.inputs).map((path) => readFileSync(path, 'utf8'));
  const loaded = sources.flatMap((source) => [...source.matchAll(/\bload\('([^']+)'\)/g)].map(([, path = '']) => path));
  const external = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter((one) => one.external === true).map(({ path }) => path),
  );
  const packages = [...external, ...loaded].filter((path) => !path.startsWith('node:'));
  return [
    ...new Set(
      packages.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    ),
  ].toSorted();
}
