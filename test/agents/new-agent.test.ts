import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunWire } from '../../cli/wire.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { startService, type TestService } from '../cli/support/service.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

describe('A new agent, from a folder outside the checkout', function () {
  this.timeout(180_000);
  let home: string;
  let service: TestService | undefined;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'fresh home '));
  });
  after(async () => {
    await service?.stop();
    await rm(home, { recursive: true, force: true });
  });

  const cli = (...args: string[]) =>
    runCli(args, { url: service?.url ?? 'http://127.0.0.1:9', cwd: home, env: process.env });

  it('is made, tested, registered and run', async () => {
    const made = await cli('agents', 'new', 'greeter');
    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stdout, /First: cd agents\/greeter && npm install\nNext: commandcenter agents test greeter\n/);
    assert.ok(made.stdout.includes(`AGENTS_DIR=${join(home, 'agents')}`), made.stdout);

    const early = await cli('agents', 'test', 'greeter');
    assert.equal(early.exitCode, 2);
    assert.match(early.stderr, /zod is not installed for the agent: run `npm install` in .*agents\/greeter/);
    await symlink(MODULES, join(home, 'agents/greeter/node_modules')); // as npm install would, without the network

    const tested = await cli('agents', 'test', 'greeter');
    assert.equal(tested.exitCode, 0, tested.stderr);
    assert.match(tested.stdout, /\{"greeting":"Hello Ada"\}\n✓ index\.test\.ts/);

    service = await startService({ agentsDir: join(home, 'agents') });
    assert.deepEqual(await cli('agents', 'register', 'greeter'), {
      ...{ exitCode: 0, stdout: 'greeter 0.1.0 is registered\n', stderr: '' },
    });

    const workflow = { name: 'greet', nodes: [{ id: 'hello', agent: 'greeter', input: { name: '{{ input.name }}' } }] };
    await writeFile(join(home, 'greet.json'), JSON.stringify(workflow));
    assert.equal((await cli('workflow', 'apply', 'greet.json')).exitCode, 0);
    const run = await cli('run', 'greet', '--input', 'name=Grace', '--watch', '--json');
    assert.equal(run.exitCode, 0, run.stderr);
    const listed = JSON.parse((await cli('runs', 'list', '--json')).stdout) as RunWire[];
    const { stdout } = await cli('runs', 'get', listed[0]?.id ?? '', '--json');
    assert.deepEqual((JSON.parse(stdout) as RunWire).output, { hello: { greeting: 'Hello Grace' } });
  });

  it('is told apart from what the service has, and from what is no agent', async () => {
    await cli('agents', 'new', 'later');
    await symlink(MODULES, join(home, 'agents/later/node_modules'));
    const later = await cli('agents', 'register', 'later');
    assert.equal(later.exitCode, 1);
    assert.match(
      later.stderr,
      /later 0\.1\.0 can be registered, and the service at \S+ does not have it yet.*AGENTS_DIR=/s,
    );

    const facts = join(home, 'agents/greeter/package.json');
    await writeFile(facts, (await readFile(facts, 'utf8')).replace('0.1.0', '0.2.0'));
    assert.match((await cli('agents', 'register', 'greeter')).stderr, /greeter 0\.2\.0 .* has 0\.1\.0 of it yet/);

    await writeFile(join(home, 'agents/later/schemas.ts'), 'export const InputSchema = 1;\n');
    const broken = await cli('agents', 'register', join(home, 'agents/later'));
    assert.equal(broken.exitCode, 2);
    assert.match(broken.stderr, /later cannot be registered: .*OutputSchema/);

    const again = await cli('agents', 'new', 'later');
    assert.match(again.stderr, /agents\/later is there already: choose another name/);
    assert.match((await cli('agents', 'new', 'No Name')).stderr, /No Name cannot be an agent's name/);
    assert.match((await cli('agents', 'test', 'nobody')).stderr, /no agent nobody in agents.*agents new nobody/);
  });
});
