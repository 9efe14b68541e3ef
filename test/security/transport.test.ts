import assert from 'node:assert/strict';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runCli } from '../../cli/program.ts';
import { startRoom, type TestRoom } from '../http/support/room.ts';
import { needsProgram, runProgram } from '../support/program.ts';

const TOKEN = 'root-token-0123456789abcdef';

describe('a service with a certificate', () => {
  let folder: string;
  let room: TestRoom;
  let ca: string;

  before(async function () {
    this.timeout(300_000);
    const openssl = await needsProgram(this, 'openssl');
    folder = await mkdtemp(join(tmpdir(), 'cc-tls-'));
    const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    await runProgram(openssl, [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      cert,
      ...subject,
    ]);
    ca = await readFile(cert, 'utf8');
    room = await startRoom({ env: { TLS_CERT: cert, TLS_KEY: key, AUTH_TOKENS: `root:admin:${TOKEN}` } });
  });
  after(async () => {
    await room.close();
    await rm(folder, { recursive: true });
  });

  function ask(
    path: string,
    { method = 'GET', body = '', ...options }: { method?: string; body?: string; maxVersion?: 'TLSv1.1' } = {},
  ) {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const { port } = room.room.address();
    return new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port, path, method, headers, ca, agent: false, ...options },
        (response) => {
          response.resume().on('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers });
          });
        },
      );
      outgoing.on('error', reject).end(body);
    });
  }

  it('speaks HTTPS, tells browsers to stay with it, and keeps cookies to it', async () => {
    const { status, headers } = await ask('/api/session');
    assert.equal(status, 200);
    assert.match(String(headers['strict-transport-security']), /^max-age=31536000/);
    const login = await ask('/login', { method: 'POST', body: JSON.stringify({ token: TOKEN }) });
    assert.equal(login.status, 204);
    assert.match(String(login.headers['set-cookie']), /; secure/i);
  });

  it('answers nobody without TLS, or with one that is too old', async () => {
    await assert.rejects(fetch(`http://127.0.0.1:${String(room.room.address().port)}/health`));
    await assert.rejects(ask('/health', { maxVersion: 'TLSv1.1' }));
  });
});

describe('the audit log', () => {
  let room: TestRoom;
  let client: Client;

  before(async function () {
    this.timeout(300_000);
    room = await startRoom();
    client = new Client(room.engine.databaseUrl);
    await client.connect();
  });
  after(async () => {
    await client.end();
    await room.close();
  });

  it('says who changed what, before and after, and from where', async () => {
    const node = { id: 'a', transform: '1' };
    await room.post('/api/workflows', { name: 'audited', nodes: [node] });
    await room.call('PUT', '/api/workflows/audited', { body: { name: 'audited', status: 'DRAFT', nodes: [node] } });
    const [entry] = (await room.get('/api/audit?target=audited&action=updateWorkflow')).body;
    assert.deepEqual(
      [entry.actor, entry.scope, entry.before, entry.after],
      ['local', 'admin', { version: 1, status: 'ACTIVE' }, { version: 2, status: 'DRAFT' }],
    );
    assert.match(entry.address, /127\.0\.0\.1$/);
    assert.ok(entry.requestId);
  });

  it('can be added to only, in the database itself', async () => {
    for (const statement of ['UPDATE "AuditLog" SET actor = \'x\'', 'DELETE FROM "AuditLog"', 'TRUNCATE "AuditLog"'])
      await assert.rejects(client.query(statement), /append-only/, statement);
  });

  it('can be taken out whole, page by page, one entry a line', async () => {
    for (let index = 0; index < 120; index += 1)
      await client.query(`INSERT INTO "AuditLog" (actor, scope, action, target) VALUES ('many', 'admin', 'test', $1)`, [
        String(index),
      ]);
    let text = '';
    const sink = { write: (chunk: string) => ((text += chunk), true), columns: 200, isTTY: false };
    const world = { stdin: process.stdin, stdout: sink, stderr: sink, env: {}, cwd: '/' };
    const code = await runCli(['audit', '--actor', 'many', '--all', '--json', '--url', room.url], world);
    assert.equal(code, 0, text);
    const targets = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { target: string }).target);
    assert.deepEqual(
      targets,
      Array.from({ length: 120 }, (_, index) => String(119 - index)),
    );
  });
});
