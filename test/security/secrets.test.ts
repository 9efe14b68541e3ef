import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runCli } from '../../cli/program.ts';
import { createLogger } from '../../platform/log.ts';
import { createGrowingMasker } from '../../platform/masker.ts';
import { loadConfig } from '../../platform/config.ts';
import { createSecrets } from '../../workers/secrets.ts';
import { startApi, startRoom, type TestRoom } from '../http/support/room.ts';

const key = () => randomBytes(32).toString('base64');
const OLD = `old:${key()}`;
const NEW = `new:${key()}`;

describe('secrets of agents', () => {
  let room: TestRoom;
  let client: Client;
  let folder: string;
  const lines: string[] = [];
  const masker = createGrowingMasker([]);
  const log = createLogger({ level: 'info', stream: { write: (line) => void lines.push(line) }, secrets: masker });

  before(async function () {
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), 'cc-secrets-'));
    room = await startRoom({ env: { SECRETS_KEYS: OLD } });
    client = new Client(room.engine.databaseUrl);
    await client.connect();
  });
  after(async () => {
    await client.end();
    await room.close();
    await rm(folder, { recursive: true });
  });

  const put = (name: string, value: string, agents: readonly string[]) =>
    room.call('PUT', `/api/secrets/${name}`, { body: { value, agents } });

  function source(env: NodeJS.ProcessEnv = {}) {
    const config = loadConfig({ SECRETS_KEYS: OLD, SECRETS_DIR: folder, ...env });
    return createSecrets({ env, config, db: room.engine.db, log, masker });
  }

  const given = async (env: NodeJS.ProcessEnv, names: readonly string[], agent: string) =>
    (await source(env).of(names, agent)).given;

  it('are stored sealed, listed without their value, and given to the agents that they name alone', async () => {
    assert.equal((await put('STORED', 'a value that is stored', ['notifier'])).status, 200);
    const list = await room.get('/api/secrets');
    assert.deepEqual(
      list.body.map(({ name, agents, keyId }: Record<string, unknown>) => ({ name, agents, keyId })),
      [{ name: 'STORED', agents: ['notifier'], keyId: 'old' }],
    );
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM "Secret" t`);
    const dump = JSON.stringify([list.body, rows, (await room.get('/api/audit')).body]);
    assert.ok(
      !dump.includes('a value that is stored') && !dump.includes(Buffer.from('a value that is').toString('hex')),
    );
    assert.deepEqual(await given({}, ['STORED'], 'notifier'), { STORED: 'a value that is stored' });
    assert.deepEqual(await given({}, ['STORED'], 'shell'), {});
    assert.match(lines.join(''), /an agent asked for a secret that its policy does not give it/);
    log.info('it is a value that is stored');
    assert.match(lines.at(-1) ?? '', /it is \*\*\*/);
  });

  it('come from the environment and from files, to whom SECRETS_POLICY names', async () => {
    await writeFile(join(folder, 'FROM_FILE'), 'written in a file\n');
    const env = { AGENT_SECRET_FROM_ENV: 'of the environment', SECRETS_POLICY: 'FROM_ENV:notifier|shell,FROM_FILE:' };
    assert.deepEqual(await given(env, ['FROM_ENV', 'FROM_FILE'], 'shell'), { FROM_ENV: 'of the environment' });
    assert.deepEqual(await given(env, ['FROM_ENV'], 'patcher'), {});
    const named = { SECRETS_POLICY: 'FROM_FILE:patcher' };
    assert.deepEqual(await given(named, ['FROM_FILE'], 'patcher'), { FROM_FILE: 'written in a file' });
  });

  it('go to nobody while no policy names them, and the refusal says what to write', async () => {
    const env = { AGENT_SECRET_FROM_ENV: 'of the environment' };
    for (const policy of [{}, { SECRETS_POLICY: 'OTHER:patcher' }]) {
      const asked = await source({ ...env, ...policy }).of(['FROM_ENV', 'FROM_FILE', 'UNKNOWN'], 'patcher');
      assert.deepEqual(asked.given, {});
      assert.deepEqual(
        asked.refused.map(({ name }) => name),
        ['FROM_ENV', 'FROM_FILE'],
      );
    }
    const { refused } = await source({ ...env, SECRETS_POLICY: 'FROM_ENV:notifier' }).of(['FROM_ENV'], 'patcher');
    assert.match(
      refused[0]?.message ?? '',
      /secret FROM_ENV .* agent patcher.*SECRETS_POLICY=FROM_ENV:notifier\|patcher/,
    );
  });

  it('fail a node whose definition asks for one that is kept back, and are told in the log of one that can do without', async () => {
    const secrets = source({ AGENT_SECRET_KEPT: 'kept back', SECRETS_POLICY: 'KEPT:other' });
    const engine = await startRoom({ agents: { teller: () => ({ done: true }) }, secrets });
    try {
      for (const [name, wanted] of [
        ['asking', ['KEPT']],
        ['modest', []],
      ] as const) {
        const { status } = await engine.post('/api/workflows', {
          name,
          nodes: [{ id: 'tell', agent: 'teller', secrets: wanted }],
        });
        assert.equal(status, 201);
      }
      const run = async (name: string) => {
        const { body } = await engine.post(`/api/workflows/${name}/trigger`);
        const path = `/api/workflows/${name}/runs/${String(body.workflowRunId)}`;
        return { path, ...(await engine.get(`${path}?wait=20`)).body };
      };
      const failed = await run('asking');
      assert.equal(failed.status, 'FAILED');
      assert.equal(failed.error.nodeId, 'tell');
      const [node] = (await engine.get(`${String(failed.path)}/agent-runs`)).body;
      assert.equal(node.error.code, 'FORBIDDEN');
      assert.match(node.error.message, /secret KEPT does not name agent teller.*SECRETS_POLICY=KEPT:other\|teller/);
      const { text } = await engine.get(`${String(failed.path)}/agent-runs/${String(node.id)}/logs`);
      assert.match(text, /secret KEPT does not name agent teller/);
      assert.equal((await run('modest')).status, 'SUCCESS');
    } finally {
      await engine.close();
    }
  });

  it('cannot be named so that they reach other files, or become what a program obeys when it starts', async () => {
    await writeFile(join(folder, 'NODE_OPTIONS'), '--require=/tmp/evil.js');
    await writeFile(join(folder, 'LD_PRELOAD'), '/tmp/evil.so');
    const names = ['../../etc/passwd', '/etc/passwd', '..', '.', '', 'NODE_OPTIONS', 'LD_PRELOAD', 'Path', '__proto__'];
    const asked = await source({ SECRETS_POLICY: 'NODE_OPTIONS:shell,LD_PRELOAD:shell' }).of(names, 'shell');
    assert.deepEqual(asked, { given: {}, refused: [] });
  });

  it('are sealed anew with a key that was put first, all or none, and the old key is needed no more', async () => {
    const replica = await startApi(room.engine, { env: { SECRETS_KEYS: `${NEW},${OLD}` } });
    try {
      assert.deepEqual((await replica.post('/api/secrets/reseal')).body, { resealed: 1 });
      assert.deepEqual((await replica.post('/api/secrets/reseal')).body, { resealed: 0 });
    } finally {
      await replica.close();
    }
    assert.deepEqual(await given({ SECRETS_KEYS: NEW }, ['STORED'], 'notifier'), { STORED: 'a value that is stored' });
    await assert.rejects(
      async () => source({ SECRETS_KEYS: OLD }).of(['STORED'], 'notifier'),
      /which SECRETS_KEYS lacks/,
    );
    assert.equal((await room.post('/api/secrets/reseal')).status, 503);
  });

  it('do not open when a row was changed, or given the value of another', async () => {
    await put('FIRST', 'first', ['notifier']);
    await put('SECOND', 'second', ['notifier']);
    await client.query(
      `UPDATE "Secret" s SET nonce = f.nonce, sealed = f.sealed FROM "Secret" f WHERE s.name = 'SECOND' AND f.name = 'FIRST'`,
    );
    await assert.rejects(async () => source().of(['SECOND'], 'notifier'), /it was changed/);
    await client.query(`UPDATE "Secret" SET sealed = '\\x00' WHERE name = 'FIRST'`);
    await assert.rejects(async () => source().of(['FIRST'], 'notifier'), /it was changed/);
  });

  it('are stored, listed, rotated and deleted from the command line, the value never among the arguments', async () => {
    const cli = async (args: readonly string[], stdin = '') => {
      let text = '';
      const sink = { write: (chunk: string) => ((text += chunk), true), columns: 120, isTTY: false };
      const world = { stdin: Readable.from([stdin]), stdout: sink, stderr: sink, env: {}, cwd: '/' };
      const code = await runCli([...args, '--url', room.url], world);
      return { code, text };
    };
    const set = ['secrets', 'set', 'TYPED', '--agents', 'notifier,shell'];
    assert.deepEqual(await cli(set, 'typed in\n'), { code: 0, text: 'TYPED stored for notifier, shell\n' });
    assert.deepEqual(await given({}, ['TYPED'], 'shell'), { TYPED: 'typed in' });
    assert.equal((await cli(set)).code, 2, 'without a value');
    assert.match((await cli(['secrets', 'list'])).text, /TYPED +notifier, shell +old/);
    await client.query(`DELETE FROM "Secret" WHERE "keyId" <> 'old'`);
    assert.equal((await cli(['secrets', 'rotate'])).text, '0 sealed anew\n');
    assert.equal((await cli(['secrets', 'delete', 'TYPED'])).text, 'TYPED deleted\n');
  });

  it('are refused without a key, an agent or a sensible name, and deleted by name', async () => {
    const replica = await startApi(room.engine);
    try {
      const body = { value: 'x', agents: ['notifier'] };
      assert.equal((await replica.call('PUT', '/api/secrets/NONE', { body })).status, 409);
    } finally {
      await replica.close();
    }
    assert.equal((await put('NOBODY', 'x', [])).status, 400);
    assert.equal((await put('a-b', 'x', ['notifier'])).status, 404);
    assert.equal((await room.call('DELETE', '/api/secrets/FIRST')).status, 204);
    assert.equal((await room.call('DELETE', '/api/secrets/FIRST')).status, 404);
  });
});
