import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../contracts/errors.ts';
import { assertSafeToListen, loadConfig } from '../../platform/config.ts';
import { describeVariable, ENVIRONMENT_NAMES } from '../../platform/environment.ts';

function refusal(env: NodeJS.ProcessEnv): AppError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(env)}`);
}

function readRoot(path: string): Promise<string> {
  return readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
}

describe('loadConfig', () => {
  it('has a default for everything that needs no decision', () => {
    const config = loadConfig({}, '/srv/app');
    assert.deepEqual(
      [config.port, config.host, config.dataDir, config.workspaceRoots, config.agentExecutor, config.databaseUrl],
      [9002, '127.0.0.1', '/srv/app/.orchestration', ['/srv/app'], 'process', undefined],
    );
    assert.deepEqual(
      [config.agentTimeoutSeconds, config.agentMaxMemoryMb, config.agentMaxOutputBytes],
      [300, 512, 16 * 2 ** 20],
    );
  });

  it('takes an empty value for none, as .env files leave it', () => {
    assert.deepEqual(loadConfig({ PORT: '', REDIS_URL: '', AUTH_TOKENS: '' }), loadConfig({}));
  });

  it('reads lists, tokens and pools', () => {
    const config = loadConfig({
      WORKSPACE_ROOTS: '/a:/b',
      AUTH_TOKENS: 'ci:operator:to:ken, board:viewer:other',
      WORKER_POOLS: 'default,gpu:2',
      WORKER_CONCURRENCY: '7',
    });
    assert.deepEqual(config.workspaceRoots, ['/a', '/b']);
    assert.deepEqual(config.authTokens, [
      { name: 'ci', scope: 'operator', token: 'to:ken' },
      { name: 'board', scope: 'viewer', token: 'other' },
    ]);
    assert.deepEqual(config.workerPools, [
      { name: 'default', concurrency: 7 },
      { name: 'gpu', concurrency: 2 },
    ]);
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig({ AUTH_TOKENS: 'ci:admin:t' });
    assert.throws(() => Object.assign(config, { port: 1 }), TypeError);
    assert.throws(() => Object.assign(config.authTokens[0] ?? {}, { scope: 'viewer' }), TypeError);
  });

  it('names every wrong variable at once, with what is wrong and an example', () => {
    const { code, problems, message } = refusal({
      PORT: 'nine',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'localhost',
      TRUST_PROXY: '-1',
    });
    assert.equal(code, 'INVALID_INPUT');
    assert.deepEqual(problems.map(({ path }) => path).sort(), ['LOG_LEVEL', 'PORT', 'REDIS_URL', 'TRUST_PROXY']);
    for (const { path, message: line } of problems) assert.match(line, new RegExp(`for example ${path}=`));
    assert.equal(message.split('\n').length, 1 + problems.length);
    assert.match(message, /PORT must be a whole number, not "nine"; for example PORT=9002/);
  });

  it('never shows the value of a secret that it refuses', () => {
    const { message } = refusal({
      AUTH_TOKENS: 'ci:boss:hunter2hunter2',
      DATABASE_URL: 'mysql://u:hunter2hunter2@h/d',
    });
    assert.match(message, /AUTH_TOKENS/);
    assert.doesNotMatch(message, /hunter2/);
  });

  for (const [why, env, pattern] of [
    ['a port that does not exist', { PORT: '70000' }, /PORT must be between 0 and 65535/],
    ['half of a pair of TLS files', { TLS_CERT: '/c.pem' }, /TLS_KEY is needed/],
    ['an issuer without a client id', { OIDC_ISSUER: 'https://login' }, /OIDC_CLIENT_ID is needed/],
    ['two tokens of one name', { AUTH_TOKENS: 'a:viewer:1,a:admin:2' }, /AUTH_TOKENS must give each token a name/],
    ['a pool without slots', { WORKER_POOLS: 'gpu:0' }, /WORKER_POOLS must be pool names/],
    ['failpoints in production', { FAIL_AT: 'claimed:1:kill', NODE_ENV: 'production' }, /FAIL_AT .*refused/],
    ['a flag that is neither', { LOG_AGENT_IO: 'maybe' }, /LOG_AGENT_IO must be true or false, not "maybe"/],
  ] as const) {
    it(`refuses ${why}`, () => {
      assert.match(refusal(env).message, pattern);
    });
  }

  it('refuses a token that is easy to guess in production, names it and says how to make one, and shows none', () => {
    for (const token of ['short', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'change-me-please-1234567', 'a-long-random-text']) {
      const { message } = refusal({ NODE_ENV: 'production', AUTH_TOKENS: `ci:operator:${token}` });
      assert.match(message, /AUTH_TOKENS has a token "ci" that .*openssl rand -hex 32/);
      assert.ok(!message.includes(token));
      loadConfig({ AUTH_TOKENS: `ci:operator:${token}` });
    }
    loadConfig({ NODE_ENV: 'production', AUTH_TOKENS: 'ci:operator:0f9a7c3e51d2b84f66a1' });
  });

  it('accepts the example of every variable', () => {
    for (const name of ENVIRONMENT_NAMES) {
      const pair = { TLS_CERT: '/c.pem', TLS_KEY: '/k.pem', OIDC_CLIENT_ID: 'a' };
      loadConfig({ ...pair, [name]: describeVariable(name).example });
    }
  });
});

describe('the documentation of the environment', () => {
  it('has every variable in .env.example, and no other', async () => {
    const listed = [...(await readRoot('.env.example')).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), [...ENVIRONMENT_NAMES].sort());
  });

  it('shows the defaults in .env.example', async () => {
    const pairs = [...(await readRoot('.env.example')).matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value]) => [
      name,
      value,
    ]);
    assert.deepEqual(loadConfig(Object.fromEntries(pairs) as NodeJS.ProcessEnv), loadConfig({}));
  });

  it('has a row for every variable in docs/CONFIGURATION.md, and no other', async () => {
    const rows = [...(await readRoot('docs/CONFIGURATION.md')).matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(rows.sort(), [...ENVIRONMENT_NAMES].sort());
  });
});

describe('assertSafeToListen', () => {
  const check = (env: NodeJS.ProcessEnv, storedTokens?: number) => () => {
    assertSafeToListen(loadConfig(env), storedTokens);
  };

  it('lets anybody listen on loopback', () => {
    for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) check({ HOST })();
  });

  it('refuses other addresses as long as nothing limits who may call, and says what to set', () => {
    for (const HOST of ['0.0.0.0', '::', '10.0.0.4', 'build.example.com']) {
      assert.throws(check({ HOST }), /HOST .*AUTH_TOKENS.*AUTH_ANONYMOUS_SCOPE.*127\.0\.0\.1/);
    }
  });

  it('accepts other addresses with a token, a stored token, an issuer or a scope for strangers', () => {
    const HOST = '0.0.0.0';
    check({ HOST, AUTH_TOKENS: 'a:admin:t' })();
    check({ HOST }, 1)();
    check({ HOST, OIDC_ISSUER: 'https://login', OIDC_CLIENT_ID: 'a' })();
    check({ HOST, AUTH_ANONYMOUS_SCOPE: 'viewer' })();
  });
});
