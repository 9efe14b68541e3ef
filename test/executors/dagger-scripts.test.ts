import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../platform/services/free-port.ts';
import { spawnNode, type CliResult } from '../cli/support/run-cli.ts';
import { startFakeEngine, type FakeEngine } from './dagger/fake-engine.mjs';
import { CACHE_DIR } from './requests.ts';

const AGENTS_DIR = fileURLToPath(new URL('../fixtures/agents', import.meta.url));
const FAKE_CLI = fileURLToPath(new URL('dagger/fake-cli.mjs', import.meta.url));
const TOKEN = 'right';

describe('The scripts for Dagger', function () {
  this.timeout(120_000);

  const script = (name: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<CliResult> =>
    spawnNode(['--import=tsx', `scripts/${name}.ts`, ...args], {
      ...process.env,
      ...{ AGENTS_DIR, DATA_DIR: CACHE_DIR, DAGGER_SESSION_PORT: '', DAGGER_SESSION_TOKEN: '' },
      ...env,
    });
  async function onEngine(mode: string, run: (env: NodeJS.ProcessEnv, engine: FakeEngine) => Promise<void>) {
    const engine = await startFakeEngine({ token: TOKEN, mode });
    try {
      await run({ DAGGER_SESSION_PORT: String(engine.port), DAGGER_SESSION_TOKEN: TOKEN }, engine);
    } finally {
      await engine.stop();
    }
  }

  describe('agents:warm', () => {
    it('prepares the agents asked for, and runs none', () =>
      onEngine('ok', async (env, engine) => {
        const { exitCode, stdout, stderr } = await script('agents-warm', env, 'kit-echo', 'chameleon');
        assert.equal(exitCode, 0, stderr);
        assert.equal(stdout, 'warm: chameleon, kit-echo\n');
        assert.ok(engine.chains.length >= 1, 'the engine was asked for nothing');
      }));

    it('says which agent there is none of, before it asks an engine', async () => {
      const { exitCode, stderr } = await script('agents-warm', {}, 'nobody');
      assert.equal(exitCode, 1);
      assert.equal(stderr, `There is no agent nobody in ${AGENTS_DIR}\n`);
    });

    it('ends with 1 and the reason where nothing listens, the token is wrong, or no container runtime runs', async () => {
      const port = String(await freePort());
      const gone = await script('agents-warm', { DAGGER_SESSION_PORT: port, DAGGER_SESSION_TOKEN: TOKEN }, 'kit-echo');
      assert.equal(gone.exitCode, 1);
      assert.match(gone.stderr, /Dagger/);

      await onEngine('ok', async (env) => {
        const refused = await script('agents-warm', { ...env, DAGGER_SESSION_TOKEN: 'wrong' }, 'kit-echo');
        assert.equal(refused.exitCode, 1);
        assert.match(refused.stderr, /token|Unauthorized|401/i);
      });

      const cli = { _EXPERIMENTAL_DAGGER_CLI_BIN: FAKE_CLI, DAGGER_FAKE_MODE: 'fails' };
      const without = await script('agents-warm', cli, 'kit-echo');
      assert.equal(without.exitCode, 1);
      assert.match(without.stderr, /container|Docker/i);
    });
  });

  describe('dagger:proof', () => {
    it('proves claim by claim, and says which one the fake engine breaks: it has no mounts', () =>
      onEngine('ok', async (env) => {
        const { exitCode, stdout } = await script('dagger-proof', env, '4');
        const lines = stdout.trim().split('\n');
        assert.deepEqual(
          lines.filter((line) => !line.startsWith('✓ ')),
          ['✗ the workspace stays as it is: it now holds written'],
        );
        assert.equal(lines.length, 12, stdout);
        assert.equal(exitCode, 1);
      }));

    it('ends with 1 and the reason where no engine answers', async () => {
      const cli = { _EXPERIMENTAL_DAGGER_CLI_BIN: FAKE_CLI, DAGGER_FAKE_MODE: 'fails' };
      const { exitCode, stdout } = await script('dagger-proof', cli);
      assert.equal(exitCode, 1);
      assert.match(stdout, /^✗ an engine answers: .*(container|Docker)/i);
    });
  });
});
