import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { connect } from 'node:net';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Context } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import { hazards, tooDeep } from '../../api/middleware/json-hazards.ts';
import { createOpenStreams } from '../../api/open-streams.ts';
import { close, createServer, listen } from '../../api/server.ts';
import { compileExpression, type Scope } from '../../flows/expressions.ts';
import { baseEnvironment } from '../../workers/executors/process/environment.ts';
import { classifyAddress } from '../../agents/kit/http/address.ts';
import { waitFor } from '../support/wait-for.ts';
import { startApi, startRoom, type TestRoom } from '../http/support/room.ts';

const TOKENS = 'ann:admin:token-of-ann,olga:operator:token-of-olga,vic:viewer:token-of-vic,hook:webhook:token-of-hook';
const ADMIN = { token: 'token-of-ann' };
const UUID = '00000000-0000-4000-8000-000000000000';

interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request whose address and headers go as they are, which fetch would tidy up. */
function sendRaw(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Sent> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

/** 429 is a refusal, too: so many of them come from one address. */
function isRefused(status: number): boolean {
  return status === 401 || status === 429;
}

describe('a hostile caller', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom({ env: { AUTH_TOKENS: TOKENS }, agents: { echo: (input) => input } });
    await room.post(
      '/api/workflows',
      { name: 'sound', triggers: [{ type: 'webhook' }], nodes: [{ id: 'a', transform: '1' }] },
      ADMIN,
    );
  });
  after(() => room.close());

  describe('without a token', () => {
    const TARGETS = ['/api/workflows', '/api/tokens', '/metrics', '/admin/queues', '/openapi.json'];
    const TWISTS: readonly [what: string, twist: (path: string) => string][] = [
      ['a magic suffix', (path) => `${path}/health`],
      ['a health check’s name in the query', (path) => `${path}?/health`],
      ['a static file’s ending', (path) => `${path}.js`],
      ['a path parameter', (path) => `${path};.css`],
      ['a fragment', (path) => `${path}%23/health`],
      ['doubled slashes', (path) => `/${path.replaceAll('/', '//')}`],
      ['a trailing slash', (path) => `${path}/`],
      ['capitals', (path) => path.toUpperCase()],
      ['encoded letters', (path) => path.replace('a', '%61')],
      ['encoded slashes', (path) => `/health${path.replaceAll('/', '%2f')}`],
      ['a climb out of health', (path) => `/health/..${path}`],
      ['an encoded climb', (path) => `/health/%2e%2e${path}`],
      ['a backslash', (path) => `/health\\..${path}`],
      ['a NUL', (path) => `${path}%00`],
      ['an overlong encoding', (path) => `/health/%c0%ae%c0%ae${path}`],
      ['an absolute address', (path) => `http://localhost/health/..${path}`],
    ];
    for (const [what, twist] of TWISTS) {
      it(`gets nothing by ${what}`, async () => {
        for (const target of TARGETS) {
          for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
            const { status } = await sendRaw(room.url, method, twist(target));
            assert.ok(isRefused(status), `${method} ${twist(target)} got ${status}`);
          }
        }
      });
    }

    it('gets nothing by headers that name another path, method, address or user', async () => {
      for (const headers of [
        { 'x-original-url': '/health' },
        { 'x-rewrite-url': '/health' },
        { 'x-http-method-override': 'GET' },
        { 'x-forwarded-for': '127.0.0.1' },
        { 'x-forwarded-host': 'localhost' },
        { host: 'localhost' },
        { 'x-remote-user': 'admin' },
        { authorization: 'Bearer' },
        { authorization: 'Bearer undefined' },
        { authorization: 'Basic YTpi' },
        { cookie: 'commandcenter_session=ccs_x' },
      ] as Record<string, string>[]) {
        const { status } = await sendRaw(room.url, 'GET', '/api/tokens', headers);
        assert.ok(isRefused(status), `${JSON.stringify(headers)} got ${status}`);
      }
    });

    it('guesses tokens no faster at the login than elsewhere', async () => {
      const guess = async (): Promise<number> => (await room.post('/login', { token: 'a guess' })).status;
      const isLimited = async (): Promise<boolean> =>
        (await Promise.all(Array.from({ length: 300 }, guess))).includes(429);
      await waitFor(isLimited, { timeoutMs: 15_000, describe: 'guesses to be refused for their number' });
    });
  });

  describe('with too little scope', () => {
    it('neither retries nor cancels with a viewer’s token', async () => {
      for (const action of ['retry', 'cancel', 'pause', 'resume']) {
        const { status } = await room.post(`/api/workflows/sound/runs/${UUID}/${action}`, undefined, {
          token: 'token-of-vic',
        });
        assert.equal(status, 403, action);
      }
    });

    it('presses no button of Bull Board, however the request is dressed', async () => {
      const buttons = [
        'pause',
        'resume',
        'empty',
        'obliterate',
        'promote',
        'clean/failed',
        'retry/failed',
        'add',
        `${UUID}/retry`,
        `${UUID}/clean`,
        `${UUID}/update-data`,
      ];
      for (const token of ['token-of-vic', 'token-of-olga', 'token-of-hook']) {
        for (const button of buttons) {
          for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
            const headers = { authorization: `Bearer ${token}`, 'x-http-method-override': 'GET' };
            const { status } = await sendRaw(room.url, method, `/admin/queues/api/queues/steps/${button}`, headers);
            assert.equal(status, 403, `${method} ${button}`);
          }
        }
      }
      const get = await sendRaw(room.url, 'GET', '/admin/queues/api/queues/steps/pause', {
        authorization: 'Bearer token-of-vic',
      });
      assert.equal(get.status, 404);
    });
  });

  describe('with a body that is not what it says', () => {
    const send = (headers: Record<string, string>, body: string) =>
      sendRaw(
        room.url,
        'POST',
        '/api/webhooks/workflows/sound',
        { authorization: 'Bearer token-of-hook', ...headers },
        body,
      );

    it('is not read as anything but JSON, whatever the content type says', async () => {
      const form = '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx\r\n--x--';
      for (const type of [
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
        'text/plain',
        'text/html',
        'application/jsonp',
        'application/json, text/plain',
        'json',
        'application/json;charset=utf-7',
      ]) {
        assert.equal((await send({ 'content-type': type }, form)).status, 415, type);
      }
      assert.equal((await send({}, '{"files":{"a":{"filepath":"/etc/passwd"}}}')).status, 415);
    });

    it('gets no compressed body unpacked, at Bull Board neither', async () => {
      const bomb = gzipSync(Buffer.alloc(1_000_000, 32));
      for (const encoding of ['gzip', 'deflate', 'br', 'gzip, identity']) {
        const headers = { 'content-encoding': encoding };
        assert.equal(
          (await room.call('POST', '/api/webhooks/workflows/sound', { raw: bomb, token: 'token-of-hook', headers }))
            .status,
          415,
        );
        assert.equal(
          (await room.call('POST', '/admin/queues/api/queues/steps/add', { raw: bomb, ...ADMIN, headers })).status,
          415,
        );
      }
    });

    it('gets a problem, not a 500, for what no parameter or body can be', async () => {
      const z = encodeURIComponent(`2026-02-30 12:00:00+00|${UUID}`);
      const dashes = encodeURIComponent(`2026-02-03 12:00:00+00|${'-'.repeat(36)}`);
      for (const path of [
        '/api/runs?q=%00',
        '/api/workflows?q=a%00',
        '/api/audit?actor=%00',
        '/api/runs?__proto__=1',
        '/api/runs?from=0000-01-01T00:00:00Z',
        '/api/runs?to=9999-12-31T23:59:59-23:59',
        `/api/runs?cursor=${z}`,
        `/api/approvals?cursor=${dashes}`,
        '/api/audit?cursor=1e3',
      ]) {
        assert.equal((await room.get(path, ADMIN)).status, 400, path);
      }
      assert.equal((await room.post('/api/workflows/sound/rollback', { version: 2 ** 31 }, ADMIN)).status, 400);
      assert.equal(
        (await room.call('POST', '/admin/queues/api/queues/steps/add', { raw: '{bad', ...ADMIN })).status,
        400,
      );
      assert.equal((await room.call('PUT', '/admin/queues/api/queues/steps/add', ADMIN)).status, 404);
    });

    it('finds nothing in any prototype afterwards', async () => {
      for (const raw of [
        '{"__proto__":{"isAdmin":true}}',
        '{"constructor":{"prototype":{"isAdmin":true}}}',
        '{"a":{"__proto__":{"isAdmin":true}}}',
      ]) {
        await room.call('POST', '/api/webhooks/workflows/sound', { raw, token: 'token-of-hook' });
        await room.call('POST', '/api/webhooks/alertmanager', {
          raw: `{"alerts":[{"labels":{"alertname":"x"},"annotations":${raw}}]}`,
          token: 'token-of-hook',
        });
        await room.call('POST', '/login', {
          raw: `token=x&__proto__[isAdmin]=true`,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        });
      }
      assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
    });
  });

  it('does not fill the memory with a body that is deep and long', function () {
    const wide = `${'['.repeat(78)}${'0,'.repeat(400_000)}0${']'.repeat(78)}`;
    const json: unknown = JSON.parse(wide);
    const before = process.memoryUsage().heapUsed;
    assert.deepEqual(
      hazards(json).map(({ message }) => message),
      ['A list has at most 100000 items, this has 400001'],
    );
    assert.equal(tooDeep(json), undefined);
    const grown = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
    assert.ok(grown < 150, `${grown.toFixed(0)} MB for a body of 0.8 MB`);
  });

  it('is told the same of an expectation or an upgrade as of any request', async () => {
    const unknown = await sendRaw(room.url, 'GET', '/api/tokens', { expect: 'nonsense' });
    assert.equal(unknown.status, 401);
    assert.match(String(unknown.headers['content-type']), /problem\+json/);
    const upgrade = await sendRaw(room.url, 'GET', '/api/tokens', { connection: 'Upgrade', upgrade: 'websocket' });
    assert.equal(upgrade.status, 401);
  });

  it('cannot send a head larger than 16 KiB', async () => {
    const { status, text } = await sendRaw(room.url, 'GET', '/health', { 'x-large': 'x'.repeat(20_000) });
    assert.equal(status, 431);
    assert.match(text, /"code"/);
  });
});

describe('the limits on connections', () => {
  it('cut off a head or a body that comes too slowly, and say so', async () => {
    const limits = {
      headersTimeout: 150,
      requestTimeout: 300,
      connectionsCheckingInterval: 30,
      keepAliveTimeout: 1_000,
      maxHeaderSize: 16_384,
    };
    const server = createServer(
      (incoming, response) => incoming.resume().on('end', () => response.end('done')),
      { tls: undefined },
      limits,
    );
    await listen(server, { host: '127.0.0.1', port: 0 });
    const { port } = server.address() as { port: number };
    try {
      const head = await answerTo(port, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ');
      assert.match(head, /^HTTP\/1.1 408 .*problem\+json/s);
      const body = await answerTo(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nfirst');
      assert.match(body, /^HTTP\/1.1 408 |^$/);
    } finally {
      await close(server, 100);
    }
  });

  it('let no caller, and not all together, hold more streams than there are places', () => {
    const streams = createOpenStreams(new AbortController().signal, { perPrincipal: 2, all: 3 });
    const ann = { name: 'ann', scope: 'viewer', via: 'token' } as const;
    const bob = { ...ann, name: 'bob' };
    const cid = { ...ann, name: 'cid' };
    const [first, second, third] = [context(), context(), context()];
    streams.open(first, ann);
    streams.open(second, ann);
    const isTooMany = (error: unknown): boolean => error instanceof AppError && error.code === 'RATE_LIMITED';
    assert.throws(() => streams.open(context(), ann), isTooMany);
    streams.open(third, bob);
    assert.throws(() => streams.open(context(), cid), isTooMany);
    first.res.emit('close');
    streams.open(context(), cid);
  });
});

function context(): Context {
  return { res: new EventEmitter(), set: () => undefined } as unknown as Context;
}

/** What comes back for these bytes, when no more follow. */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}

describe('a proxy in front', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom();
  });
  after(() => room.close());

  it('never makes strangers local, whichever header it leaves', async () => {
    for (const header of [
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-forwarded-server',
      'forwarded',
      'via',
      'x-real-ip',
      'x-client-ip',
      'cf-connecting-ip',
      'true-client-ip',
      'x-envoy-external-address',
    ]) {
      const { status } = await sendRaw(room.url, 'GET', '/api/session', { [header]: '127.0.0.1' });
      assert.equal(status, 401, header);
    }
  });

  it('is believed only where TRUST_PROXY counts it', async () => {
    const https = { 'x-forwarded-proto': 'https', authorization: 'Bearer token-of-ann' };
    const alone = await startApi(room.engine, { env: { AUTH_TOKENS: TOKENS } });
    const behind = await startApi(room.engine, { env: { AUTH_TOKENS: TOKENS, TRUST_PROXY: '1' } });
    try {
      assert.equal(
        (await sendRaw(alone.url, 'GET', '/api/session', https)).headers['strict-transport-security'],
        undefined,
      );
      assert.match(
        String((await sendRaw(behind.url, 'GET', '/api/session', https)).headers['strict-transport-security']),
        /max-age/,
      );
      const body = JSON.stringify({ token: 'token-of-ann' });
      const login = await sendRaw(
        behind.url,
        'POST',
        '/login',
        { 'x-forwarded-proto': 'https', 'content-type': 'application/json' },
        body,
      );
      assert.match(String(login.headers['set-cookie']), /; secure/i);
      const audit = async (api: { url: string }) => {
        await sendRaw(
          api.url,
          'POST',
          '/api/agents',
          { ...https, 'x-forwarded-for': '6.6.6.6, 203.0.113.9', 'content-type': 'application/json' },
          JSON.stringify({ name: `made-${new URL(api.url).port}` }),
        );
        const { text } = await sendRaw(api.url, 'GET', '/api/audit?action=createAgent&limit=1', https);
        return (JSON.parse(text) as { address: string }[])[0]?.address;
      };
      assert.equal(await audit(behind), '203.0.113.9');
      assert.match((await audit(alone)) ?? '', /127\.0\.0\.1$/);
    } finally {
      await alone.close();
      await behind.close();
    }
  });
});

const NAMES = { nodeIds: [] };

function evaluate(source: string): unknown {
  return compileExpression(source, NAMES).evaluate({ input: { a: 1 } } as unknown as Scope);
}

function isExpressionError(error: unknown): boolean {
  return error instanceof AppError && error.code === 'EXPRESSION_ERROR';
}

describe('an expression', () => {
  it('reaches nothing but the values of its run', () => {
    for (const source of [
      'input.constructor',
      'input.__proto__',
      'input["constructor"]["constructor"]("return process")()',
      'input.toString()',
      '"".constructor',
      '[].constructor',
      '[].map(x, x.constructor)',
      'process.env',
      'globalThis',
      'this',
      'require("fs")',
      'import("fs")',
      'input.hasOwnProperty("a")',
      'size.constructor("return 1")()',
    ]) {
      assert.throws(() => evaluate(source), isExpressionError, source);
    }
    assert.equal(evaluate('input.a + 1'), 2);
  });
});

describe('an agent', () => {
  it('gets nothing of the server’s environment but a handful of names', () => {
    const server = {
      PATH: '/bin',
      TZ: 'UTC',
      DATABASE_URL: 'postgres://u:p@h/d',
      AUTH_TOKENS: 'a:admin:b',
      AGENT_SECRET_X: 'x',
      AWS_SECRET_ACCESS_KEY: 'k',
      NODE_OPTIONS: '--require=/tmp/evil.js',
      LD_PRELOAD: '/tmp/evil.so',
      HOME: '/root',
      npm_config_registry: 'x',
    };
    assert.deepEqual(Object.keys(baseEnvironment(server, '/tmp/folder', 'worker')).sort(), [
      'COMMANDCENTER_WORKER',
      'HOME',
      'PATH',
      'TMPDIR',
      'TZ',
    ]);
  });

  it('tells an inner address however it is written', () => {
    const forbidden = [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '::ffff:a9fe:a9fe',
      '64:ff9b::a9fe:a9fe',
      'fe80::1',
      'fd00:ec2::254',
      '100.100.100.200',
      '255.255.255.255',
      '224.0.0.1',
    ];
    for (const address of forbidden) assert.equal(classifyAddress(address), 'forbidden', address);
    const inner = [
      '127.0.0.1',
      '127.1.2.3',
      '0.0.0.0',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '::1',
      '::',
      'fc00::1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::7f00:1',
      '::127.0.0.1',
      '2002:7f00:1::',
      'fec0::1',
      '::ffff:0:127.0.0.1',
    ];
    for (const address of inner) assert.notEqual(classifyAddress(address), 'public', address);
    for (const address of ['8.8.8.8', '2606:4700::1111']) assert.equal(classifyAddress(address), 'public', address);
  });
});
