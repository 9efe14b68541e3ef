import assert from 'node:assert/strict';
import { AppError } from '../../contracts/errors.ts';
import { hashSecret } from '../../platform/hash-secret.ts';
import { createLogger } from '../../platform/log.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { freePort } from '../../platform/services/free-port.ts';
import { insertToken, revokeToken } from '../../sql/queries/tokens.ts';
import { createScrapeAccess } from '../../workers/scrape-access.ts';
import { createWorkerHttp } from '../../workers/worker-http.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const SECRET_HOST = 'db.internal.example:5432';

describe('a worker’s own pages', () => {
  let database: TestDatabase;
  let stop: (() => Promise<void>)[] = [];

  before(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const each of stop) await each();
    stop = [];
  });
  after(() => database.drop());

  async function serve(authTokens: { name: string; scope: 'metrics' | 'webhook'; token: string }[] = []) {
    const port = await freePort();
    const lines: string[] = [];
    const service = createWorkerHttp({
      host: '127.0.0.1',
      port,
      metrics: createMetrics({ roles: ['worker'] }),
      mayScrape: createScrapeAccess({ authTokens, oidc: undefined }, database.db),
      log: createLogger({ level: 'debug', stream: { write: (line) => void lines.push(line) } }),
      checks: {
        database: () => Promise.reject(new Error(`connect ECONNREFUSED ${SECRET_HOST}`)),
        executor: () => Promise.reject(new AppError('EXECUTOR_UNAVAILABLE', 'Docker does not answer')),
      },
    });
    await service.start();
    stop.push(() => service.stop(1000));
    const ask = (path: string, token?: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${String(port)}${path}`, {
        method,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
    return { ask, lines };
  }

  it('show the metrics to everybody while there is no token', async () => {
    const { ask } = await serve();
    assert.equal((await ask('/metrics')).status, 200);
  });

  it('show them to whom the API would, as soon as AUTH_TOKENS has a token', async () => {
    const { ask } = await serve([
      { name: 'prometheus', scope: 'metrics', token: 'scrape-token' },
      { name: 'alerts', scope: 'webhook', token: 'alert-token' },
    ]);
    assert.equal((await ask('/metrics')).status, 401);
    assert.equal((await ask('/metrics', 'wrong')).status, 401);
    assert.equal((await ask('/metrics', 'alert-token')).status, 403);
    assert.equal((await ask('/metrics', 'scrape-token')).status, 200);
    assert.equal((await ask('/health')).status, 200);
  });

  it('know stored tokens, and that revoked and expired ones are none', async () => {
    const store = (name: string, expiresAt?: Date) =>
      insertToken(database.db, {
        name,
        scope: 'metrics',
        hash: hashSecret(name),
        hint: name,
        createdBy: 'test',
        expiresAt,
      });
    const revoked = await store('revoked');
    await revokeToken(database.db, revoked.id, 'test');
    await store('expired', new Date(Date.now() - 1000));
    await store('good');
    const { ask } = await serve();
    for (const [token, status] of [
      [undefined, 401],
      ['revoked', 401],
      ['expired', 401],
      ['good', 200],
    ] as const)
      assert.equal((await ask('/metrics', token)).status, status, token);
  });

  it('tell what is away without a host, a port or a stack', async () => {
    const { ask, lines } = await serve();
    const answer = await ask('/health/ready');
    assert.equal(answer.status, 503);
    assert.deepEqual(await answer.json(), {
      database: { status: 'disconnected', error: 'The database is not reachable' },
      executor: { status: 'disconnected', error: 'Docker does not answer' },
    });
    assert.match(lines.join(''), /ECONNREFUSED/);
  });

  it('answer 404 to everything else, whatever the address looks like', async () => {
    const { ask } = await serve();
    for (const path of ['/', '//', '/constructor', '/__proto__', '/metrics/', '/metrics%2f', '/health?x=1/../..'])
      assert.equal((await ask(path)).status, path.startsWith('/health?') ? 200 : 404, path);
    assert.equal((await ask('/metrics', undefined, 'POST')).status, 404);
  });
});
