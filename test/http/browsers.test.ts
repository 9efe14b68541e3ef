import assert from 'node:assert/strict';
import { request } from 'node:http';
import { startApi, startRoom, type TestRoom } from './support/room.ts';

/** fetch sets Host and the Sec-Fetch headers itself; a browser's request is spelled out here. */
function send(
  url: string,
  {
    method = 'GET',
    path = '/api/session',
    headers = {},
    body = '',
  }: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

describe('a service without tokens and a hostile web page', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom();
  });
  after(() => room.close());

  const host = () => new URL(room.url).host;
  const json = { 'content-type': 'application/json' };

  it('lets this machine be admin', async () => {
    assert.deepEqual((await room.get('/api/session')).body, { name: 'local', scope: 'admin', via: 'loopback' });
  });

  it('refuses a page whose name was pointed here (DNS rebinding)', async () => {
    for (const name of ['evil.example', 'evil.example:9002', '127.0.0.1.evil.example', 'localhost.evil.example']) {
      assert.equal((await send(room.url, { headers: { host: name } })).status, 403, name);
    }
  });

  it('refuses requests that pages of other sites send', async () => {
    const hostile: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', origin: 'http://localhost:1' },
    ];
    for (const headers of hostile) {
      for (const [method, path] of [
        ['GET', '/api/session'],
        ['POST', '/api/workflows/x/trigger'],
        ['PUT', '/admin/queues/api/queues/steps/pause'],
      ] as const) {
        const { status } = await send(room.url, { method, path, headers: { host: host(), ...json, ...headers } });
        assert.equal(status, 403, `${method} ${path} with ${JSON.stringify(headers)}`);
      }
    }
  });

  it('lets its own page, and a link followed from elsewhere, through', async () => {
    const own = { host: host(), origin: `http://${host()}`, 'sec-fetch-site': 'same-origin' };
    assert.equal((await send(room.url, { headers: own })).status, 200);
    const link = {
      host: host(),
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      accept: 'text/html',
    };
    assert.equal((await send(room.url, { path: '/', headers: link })).status, 200);
  });

  it('does not take what a proxy on this machine forwards for this machine', async () => {
    assert.equal((await send(room.url, { headers: { host: host(), 'x-forwarded-for': '203.0.113.9' } })).status, 401);
  });

  it('gives strangers the scope of AUTH_ANONYMOUS_SCOPE and no more', async () => {
    const api = await startApi(room.engine, { env: { AUTH_ANONYMOUS_SCOPE: 'viewer' } });
    try {
      const stranger = { host: 'orchestration:9002' };
      assert.equal((await send(api.url, { headers: stranger })).status, 200);
      assert.equal((await send(api.url, { headers: { host: 'evil.example' } })).status, 403);
      const { status } = await send(api.url, {
        method: 'POST',
        path: '/api/workflows/x/trigger',
        headers: { ...stranger, ...json },
      });
      assert.equal(status, 403);
    } finally {
      await api.close();
    }
  });

  it('sends headers that keep pages from being framed, sniffed or shared', async () => {
    const { headers } = await room.get('/health');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('x-frame-options'), 'DENY');
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.equal(headers.get('access-control-allow-origin'), null);
    for (const path of ['/', '/docs'])
      assert.doesNotMatch(
        (await room.get(path)).headers.get('content-security-policy') ?? '',
        /script-src[^;]*unsafe|default-src[^;]*unsafe/,
      );
  });
});

describe('a browser with a session', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom({ env: { AUTH_TOKENS: 'ann:admin:secret-of-ann,bob:viewer:secret-of-bob' } });
  });
  after(() => room.close());

  async function login(token: string): Promise<string> {
    const { status, headers } = await room.post('/login', { token });
    assert.equal(status, 204);
    const cookie = headers.get('set-cookie') ?? '';
    assert.match(cookie, /httponly/i);
    assert.match(cookie, /samesite=strict/i);
    return cookie.split(';')[0] ?? '';
  }

  it('sees a login form where it has none', async () => {
    const { status, text, headers } = await room.get('/', { headers: { accept: 'text/html' } });
    assert.equal(status, 401);
    assert.match(headers.get('content-type') ?? '', /text\/html/);
    assert.match(text, /<form method="post" action="\/login">/);
  });

  it('logs in by the form, and is sent to where it wanted, never elsewhere', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const there = await room.call('POST', '/login', { raw: 'token=secret-of-bob&next=%2Fdocs', headers: form });
    assert.equal(there.status, 303);
    assert.equal(there.headers.get('location'), '/docs');
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const { headers } = await room.call('POST', '/login', {
        raw: `token=secret-of-bob&next=${encodeURIComponent(next)}`,
        headers: form,
      });
      assert.equal(headers.get('location'), '/', next);
    }
    assert.equal((await room.call('POST', '/login', { raw: 'token=wrong', headers: form })).status, 401);
  });

  it('may what its token may, and changes things from our own page only', async () => {
    const cookie = await login('secret-of-ann');
    assert.deepEqual((await room.get('/api/session', { headers: { cookie } })).body, {
      name: 'ann',
      scope: 'admin',
      via: 'session',
    });
    const body = JSON.stringify({ name: 'made', nodes: [{ id: 'a', transform: '1' }] });
    const headers = { cookie, 'content-type': 'application/json', host: new URL(room.url).host };
    const create = (more: Record<string, string>) =>
      send(room.url, { method: 'POST', path: '/api/workflows', headers: { ...headers, ...more }, body });
    assert.equal((await create({})).status, 403);
    assert.equal((await create({ origin: 'https://evil.example' })).status, 403);
    assert.equal((await create({ 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await create({ origin: room.url })).status, 201);
  });

  it('is a viewer with a viewer’s token, at Bull Board too', async () => {
    const cookie = await login('secret-of-bob');
    assert.equal((await room.get('/admin/queues', { headers: { cookie } })).status, 200);
    const { status } = await send(room.url, {
      method: 'PUT',
      path: '/admin/queues/api/queues/steps/pause',
      headers: { cookie, origin: room.url, host: new URL(room.url).host },
    });
    assert.equal(status, 403);
  });

  it('is out after the logout, with the old cookie too', async () => {
    const cookie = await login('secret-of-bob');
    const { status } = await send(room.url, {
      method: 'POST',
      path: '/logout',
      headers: { cookie, origin: room.url, host: new URL(room.url).host },
    });
    assert.equal(status, 204);
    assert.equal((await room.get('/api/session', { headers: { cookie } })).status, 401);
  });
});
