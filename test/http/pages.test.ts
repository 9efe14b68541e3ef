import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import openapiTS, { astToString } from 'openapi-typescript';
import { routes } from '../../api/routes.ts';
import { startApi, startRoom, type TestRoom } from './support/room.ts';

describe('the pages and documents that the API serves', () => {
  let room: TestRoom;

  before(async function () {
    room = await startRoom();
  });
  after(() => room.close());

  it('has an OpenAPI document with every route, from which a client can be generated', async function () {
    const { body, headers } = await room.get('/openapi.json');
    assert.match(headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(body.openapi, '3.1.0');
    for (const { method, path, id } of routes) {
      const operation = body.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      assert.equal(operation?.operationId, id);
    }
    const client = astToString(await openapiTS(body));
    assert.match(client, /triggerWorkflow/);
    assert.match(client, /WorkflowDefinition: \{/);
  });

  it('names every reference and every path parameter that its paths use', async () => {
    const { body, text } = await room.get('/openapi.json');
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      assert.ok(name !== undefined && body.components.schemas[name], name);
    assert.doesNotMatch(text, /\$defs/);
    for (const [path, operations] of Object.entries<Record<string, { parameters?: { name: string; in: string }[] }>>(
      body.paths,
    )) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(operations)) {
        assert.deepEqual(
          parameters
            .filter((each) => each.in === 'path')
            .map(({ name }) => name)
            .sort(),
          wanted.sort(),
          path,
        );
      }
    }
  });

  it('shows the document on a page that loads nothing from elsewhere', async () => {
    const { text } = await room.get('/docs');
    const addresses = [...text.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, address]) => address ?? '');
    assert.ok(addresses.length > 0 && addresses.every((address) => address.startsWith('/docs/')), addresses.join());
    assert.doesNotMatch(text, /<script>/);
    for (const address of addresses) {
      const script = await room.get(address);
      assert.equal(script.status, 200);
      assert.match(script.headers.get('content-type') ?? '', /javascript/);
    }
  });

  it('shows the queues in Bull Board, without the gates, a job leading to its run', async () => {
    await room.post('/api/workflows', { name: 'waits', nodes: [{ id: 'w', wait: { seconds: 600 } }] });
    const { body: run } = await room.post('/api/workflows/waits/trigger');
    const page = await room.get('/admin/queues', { headers: { accept: 'text/html' } });
    assert.equal(page.status, 200);
    assert.match(page.text, /<base href="\/admin\/queues\/"/);
    const script = /src="(static\/js\/[^"]+)"/.exec(page.text)?.[1] ?? '';
    assert.equal((await room.get(`/admin/queues/${script}`)).status, 200);
    const { body } = await room.get('/admin/queues/api/queues?activeQueue=steps&page=1&jobsPerPage=50');
    const names = body.queues.map(({ name }: { name: string }) => name);
    assert.ok(names.includes('steps') && names.includes('agents') && !names.includes('gates'), names.join());
    const jobs = body.queues.find(({ name }: { name: string }) => name === 'steps').jobs;
    if (jobs.length > 0) assert.equal(jobs[0].externalUrl.href, `/runs/${run.workflowRunId}`);
  });

  it('says that the console is not built where it is not', async () => {
    const api = await startApi(room.engine, { parts: { consoleFolder: join(tmpdir(), 'cctest none') } });
    const { status, text } = await api.get('/');
    await api.close();
    assert.equal(status, 200);
    assert.match(text, /npm run build/);
  });

  it('serves the built console, its pages’ addresses included, and nothing outside its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cctest console '));
    await mkdir(join(folder, 'web', 'assets'), { recursive: true });
    await writeFile(join(folder, 'web', 'index.html'), '<!doctype html><title>console</title>');
    await writeFile(join(folder, 'web', 'assets', 'main-abc.js'), 'export {};');
    await writeFile(join(folder, 'secret.json'), '{}');
    const api = await startApi(room.engine, { parts: { consoleFolder: join(folder, 'web') } });
    try {
      for (const path of ['/', '/runs/1', '/workflows/diamond'])
        assert.match((await api.get(path)).text, /console/, path);
      const script = await api.get('/assets/main-abc.js');
      assert.match(script.headers.get('cache-control') ?? '', /immutable/);
      for (const path of [
        '/assets/none.js',
        '/../secret.json',
        '/%2e%2e/secret.json',
        '/..%2fsecret.json',
        '/assets/..%5c..%5csecret.json',
      ]) {
        assert.equal((await api.get(path)).status, 404, path);
      }
      assert.equal((await api.get('/api/none')).status, 404);
    } finally {
      await api.close();
      await rm(folder, { recursive: true });
    }
  });

  it('sends what the build compressed to who takes it, and nothing twice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cctest console '));
    await mkdir(join(folder, 'assets'), { recursive: true });
    const [plain, index] = ['export const answer = 42;', '<!doctype html><title>console</title>'];
    await writeFile(join(folder, 'index.html'), index);
    await writeFile(join(folder, 'assets', 'main-abc.js'), plain);
    await writeFile(join(folder, 'assets', 'main-abc.js.br'), brotliCompressSync(plain));
    await writeFile(join(folder, 'assets', 'main-abc.js.gz'), gzipSync(plain));
    const api = await startApi(room.engine, { parts: { consoleFolder: folder } });
    const ask = (path: string, headers: Record<string, string>) => api.get(path, { headers });
    try {
      for (const [accepted, encoding] of [
        ['br, gzip', 'br'],
        ['gzip', 'gzip'],
        ['gzip, br;q=0', 'gzip'],
        ['identity', null],
      ] as const) {
        const { headers, text } = await ask('/assets/main-abc.js', { 'accept-encoding': accepted });
        assert.equal(headers.get('content-encoding'), encoding, accepted);
        assert.equal(text, plain, accepted);
        assert.equal(headers.get('vary'), 'Accept-Encoding');
        assert.match(headers.get('content-type') ?? '', /^text\/javascript/);
      }
      const first = await ask('/', { 'accept-encoding': 'br' });
      assert.equal(first.headers.get('content-encoding'), null, 'the build did not compress it');
      assert.equal(first.headers.get('cache-control'), 'private, no-cache');
      const again = await ask('/runs', {
        'if-none-match': first.headers.get('etag') ?? '',
        'cache-control': 'max-age=0',
      });
      assert.deepEqual([again.status, again.text], [304, '']);
    } finally {
      await api.close();
      await rm(folder, { recursive: true });
    }
  });

  it('shows its metrics from the first scrape on, with data as the runbook asks for it', async () => {
    const api = await startApi(room.engine);
    try {
      const first = (await api.get('/metrics')).text;
      const wanted = [
        'workflow_runs_total',
        'workflow_success_rate',
        'workflow_active_runs',
        'queue_jobs',
        'outbox_pending',
        'outbox_lag_seconds',
        'webhook_alerts_total',
        'http_request_duration_seconds',
        'db_pool_connections',
        'heap_size_bytes',
      ];
      for (const name of wanted) assert.match(first, new RegExp(`^# TYPE ${name} `, 'm'));
      assert.match(first, /^workflow_success_rate 1$/m);
      assert.match(first, /^workflow_active_runs\{status="PAUSED"\} 0$/m);
      await room.post('/api/workflows', { name: 'quick', nodes: [{ id: 'a', transform: '1' }] });
      const { headers } = await room.post('/api/workflows/quick/trigger');
      await room.get(`${headers.get('location') ?? ''}?wait=10`);
      const { waitFor } = await import('../support/wait-for.ts');
      const text = await waitFor(
        async () => {
          const scrape = (await api.get('/metrics')).text;
          return /^workflow_runs_total\{workflow="quick",status="SUCCESS",trigger="api"\} 1$/m.test(scrape) && scrape;
        },
        { describe: 'the run to be counted', intervalMs: 200 },
      );
      assert.match(text, /^workflow_success_rate\{workflow="quick"\} 1$/m);
      assert.match(text, /http_request_duration_seconds_count\{route="\/metrics",method="GET",status="200"\} \d/);
    } finally {
      await api.close();
    }
  });

  it('shows the service at a glance', async () => {
    const { status, body } = await room.get('/api/overview');
    assert.equal(status, 200);
    assert.equal(typeof body.outbox.pending, 'number');
    assert.equal((await room.get('/api/workers')).status, 200);
    assert.ok((await room.get('/api/queues')).body.some(({ name }: { name: string }) => name === 'steps'));
  });
});
