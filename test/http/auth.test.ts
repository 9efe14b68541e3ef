import assert from 'node:assert/strict';
import { allows, grantedTo } from '../../api/auth/scopes.ts';
import { routes } from '../../api/routes.ts';
import type { Route } from '../../api/route.ts';
import { SCOPES } from '../../contracts/scopes.ts';
import { waitFor } from '../support/wait-for.ts';
import { startApi, startRoom, type TestRoom } from './support/room.ts';

const UUID = '00000000-0000-4000-8000-000000000000';
const TOKENS = SCOPES.map((scope) => `${scope}:${scope}:secret-of-${scope}`).join(',');
const tokenOf = (scope: string): string => `secret-of-${scope}`;

/** An address of the route that nothing is at, so that an allowed call changes nothing. */
function addressOf({ path }: Route): string {
  return path
    .replace(':version', '1')
    .replace(/:(?:name)/, 'nothing')
    .replace(/\/workflows\/:id/, '/workflows/nothing')
    .replaceAll(/:\w+/g, UUID);
}

describe('who may call', () => {
  let room: TestRoom;

  before(async function () {
    room = await startRoom({ env: { AUTH_TOKENS: TOKENS, TRUST_PROXY: '1' } });
  });
  after(() => room.close());

  for (const [index, route] of routes.filter(({ scope }) => scope !== 'public').entries()) {
    it(`${route.method} ${route.path} refuses without a token, and with every scope but ${grantedTo(route.scope).join(', ')}`, async () => {
      const path = addressOf(route);
      // an address has 100 refusals in a second, which all routes together need on a fast machine
      const headers = { 'x-forwarded-for': `10.0.0.${String(index)}` };
      assert.equal((await room.call(route.method, path, { headers })).status, 401);
      assert.equal((await room.call(route.method, path, { headers, token: 'wrong' })).status, 401);
      for (const scope of SCOPES) {
        const { status } = await room.call(route.method, path, { token: tokenOf(scope) });
        if (allows(scope, route.scope)) assert.ok(status !== 401 && status !== 403, `${scope} got ${String(status)}`);
        else assert.equal(status, 403, scope);
      }
    });
  }

  it('lets nobody without a token near Bull Board, the console or unknown addresses', async () => {
    for (const path of [
      '/admin/queues',
      '/admin/queues/api/queues',
      '/',
      '/runs',
      '/nothing',
      '/api/nothing',
      '/.env',
    ]) {
      assert.equal((await room.get(path)).status, 401, path);
    }
  });

  it('answers health to everybody, and only that, login, logout and signed links', async () => {
    for (const path of ['/health', '/health/db', '/health/redis', '/health/nats', '/health/ready']) {
      assert.notEqual((await room.get(path)).status, 401, path);
    }
    const open = routes.filter(({ scope }) => scope === 'public').map(({ path }) => path);
    assert.deepEqual(
      open.filter((path) => !path.startsWith('/health')),
      ['/login', '/logout', '/login/oidc', '/login/oidc/callback', '/decide/:link', '/decide/:link'],
    );
    assert.equal((await room.get('/decide/forged')).status, 404);
    for (const path of ['/login', '/logout']) assert.equal((await room.call('POST', path)).status, 401, path);
  });

  it('takes tokens from the Authorization header only', async () => {
    assert.equal((await room.get(`/api/workflows?token=${tokenOf('admin')}`)).status, 401);
    assert.equal((await room.get('/api/workflows', { headers: { 'x-api-key': tokenOf('admin') } })).status, 401);
    assert.equal(
      (await room.get('/api/workflows', { headers: { authorization: `Basic ${btoa(`admin:${tokenOf('admin')}`)}` } }))
        .status,
      401,
    );
    assert.equal(
      (await room.get('/api/workflows', { headers: { cookie: `commandcenter_session=${tokenOf('admin')}` } })).status,
      401,
    );
  });

  it('lets a viewer look at Bull Board and not touch it', async () => {
    const retry = '/admin/queues/api/queues/steps/retry/failed';
    assert.equal((await room.get('/admin/queues/api/queues', { token: tokenOf('viewer') })).status, 200);
    const { status } = await room.call('PUT', retry, {
      token: tokenOf('viewer'),
      headers: { 'x-forwarded-for': '1.2.3.4' },
    });
    assert.equal(status, 403);
    assert.equal((await room.call('PUT', retry, { token: tokenOf('operator') })).status, 403);
    const { body } = await room.get('/admin/queues/api/queues', { token: tokenOf('viewer') });
    assert.ok(body.queues.every(({ readOnlyMode }: { readOnlyMode: boolean }) => readOnlyMode));
    assert.ok(body.queues.every(({ name }: { name: string }) => name !== 'gates'));
  });

  describe('with tokens made at run time', () => {
    let open: TestRoom;
    before(async function () {
      open = await startRoom();
    });
    after(() => open.close());

    it('closes with the first token, which must be an admin’s; rotates, expires and revokes', async () => {
      const replica = await startApi(open.engine);
      try {
        assert.equal((await open.post('/api/tokens', { name: 'first', scope: 'viewer' })).status, 409);
        const admin = (await open.post('/api/tokens', { name: 'root', scope: 'admin' })).body;
        assert.match(admin.token, /^cc_[\w-]{43}$/);
        assert.equal((await open.get('/api/workflows')).status, 401);
        await waitFor(async () => (await replica.get('/api/workflows')).status === 401, {
          describe: 'the other replica to close',
        });
        const token = admin.token as string;
        const viewer = (await open.post('/api/tokens', { name: 'eyes', scope: 'viewer' }, { token })).body;
        assert.equal((await open.get('/api/workflows', { token: viewer.token })).status, 200);

        const list = await open.get('/api/tokens', { token });
        assert.equal(list.body.length, 2);
        assert.ok(!list.text.includes(viewer.token) && !list.text.includes(token), 'a token is shown once');

        const rotated = (await open.post(`/api/tokens/${viewer.id}/rotate`, undefined, { token })).body;
        assert.equal((await open.get('/api/workflows', { token: viewer.token })).status, 401);
        assert.equal((await open.get('/api/workflows', { token: rotated.token })).status, 200);
        await waitFor(async () => (await replica.get('/api/workflows', { token: viewer.token })).status === 401, {
          describe: 'the rotation elsewhere',
        });

        const expiresAt = new Date(Date.now() + 300).toISOString();
        const short = (await open.post('/api/tokens', { name: 'short', scope: 'viewer', expiresAt }, { token })).body;
        assert.equal((await open.get('/api/workflows', { token: short.token })).status, 200);
        await waitFor(async () => (await open.get('/api/workflows', { token: short.token })).status === 401, {
          describe: 'the token to expire',
        });

        assert.equal((await open.call('DELETE', `/api/tokens/${admin.id}`, { token })).status, 409);
        assert.equal((await open.call('DELETE', `/api/tokens/${viewer.id}`, { token })).status, 204);
        assert.equal((await open.get('/api/workflows', { token: rotated.token })).status, 401);

        const trail = (await open.get('/api/audit', { token })).body.map(
          ({ action, actor }: { action: string; actor: string }) => `${actor} ${action}`,
        );
        assert.deepEqual(trail, [
          'root revokeToken',
          'root createToken',
          'root rotateToken',
          'root createToken',
          'local createToken',
        ]);
      } finally {
        await replica.close();
      }
    });

    it('keeps the audit log from being changed', async () => {
      const { sql } = await import('slonik');
      await assert.rejects(async () => open.engine.db.query(sql.unsafe`DELETE FROM "AuditLog"`));
      await assert.rejects(async () => open.engine.db.query(sql.unsafe`UPDATE "AuditLog" SET actor = 'nobody'`));
    });
  });

  it('limits each principal, says when to come back, and never limits AlertManager', async () => {
    const limited = await startApi(room.engine, { env: { AUTH_TOKENS: TOKENS, RATE_LIMIT_PER_SECOND: '5' } });
    try {
      const get = () => limited.get('/api/workflows', { token: tokenOf('viewer') });
      const answers = await Promise.all(Array.from({ length: 20 }, get));
      const refused = answers.filter(({ status }) => status === 429);
      assert.ok(refused.length >= 5, `${String(refused.length)} of 20 refused`);
      assert.equal(refused[0]?.headers.get('retry-after'), '1');
      assert.equal((await limited.get('/api/workflows', { token: tokenOf('operator') })).status, 200);
      const alerts = await Promise.all(
        Array.from({ length: 20 }, () =>
          limited.post('/api/webhooks/alertmanager', { alerts: [] }, { token: tokenOf('webhook') }),
        ),
      );
      assert.ok(alerts.every(({ status }) => status === 202));
    } finally {
      await limited.close();
    }
  });
});
