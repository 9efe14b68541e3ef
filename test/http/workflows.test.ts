import assert from 'node:assert/strict';
import { startRoom, type TestRoom } from './support/room.ts';

const DIAMOND = {
  name: 'diamond',
  description: 'Four nodes',
  nodes: [
    { id: 'a', agent: 'echo', input: { n: '{{ input.n }}' } },
    { id: 'b', agent: 'echo', input: { n: '{{ a.output.n }}' }, dependsOn: ['a'] },
    { id: 'c', agent: 'echo', input: { n: 1 } },
    { id: 'd', transform: '{"b": b.output, "c": c.output}' },
  ],
  edges: [
    { from: 'a', to: 'c' },
    { from: 'b', to: 'd' },
    { from: 'c', to: 'd' },
  ],
};

describe('workflows over HTTP', () => {
  let room: TestRoom;

  before(async function () {
    room = await startRoom({ agents: { echo: (input) => input } });
  });
  after(() => room.close());

  it('stores a workflow and gives it back by id and by name, with its edges', async () => {
    const created = await room.post('/api/workflows', DIAMOND);
    assert.equal(created.status, 201);
    assert.equal(created.headers.get('location'), `/api/workflows/${created.body.id}`);
    assert.equal(created.headers.get('etag'), '"1"');
    for (const reference of [created.body.id, 'diamond']) {
      const { status, body } = await room.get(`/api/workflows/${reference}`);
      assert.equal(status, 200);
      assert.equal(body.version, 1);
      assert.equal(body.nodes.length, 4);
      assert.deepEqual(body.edges.map((edge: { from: string; to: string }) => `${edge.from}-${edge.to}`).sort(), [
        'a-b',
        'a-c',
        'b-d',
        'c-d',
      ]);
    }
  });

  it('refuses a second workflow of the same name with 409', async () => {
    const { status, body } = await room.post('/api/workflows', DIAMOND);
    assert.equal(status, 409);
    assert.match(body.detail, /name/);
  });

  it('changes a workflow only from the version that If-Match names', async () => {
    const changed = { ...DIAMOND, description: 'changed' };
    const first = await room.call('PUT', '/api/workflows/diamond', { body: changed, headers: { 'if-match': '"1"' } });
    assert.equal(first.status, 200);
    assert.equal(first.body.version, 2);
    const second = await room.call('PUT', '/api/workflows/diamond', { body: changed, headers: { 'if-match': '"1"' } });
    assert.equal(second.status, 412);
  });

  it('takes back what it gave: GET, change, PUT', async () => {
    const { body, headers } = await room.get('/api/workflows/diamond');
    const answer = await room.call('PUT', '/api/workflows/diamond', {
      body: { ...body, description: 'again' },
      headers: { 'if-match': headers.get('etag') ?? '' },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.description, 'again');
  });

  it('answers 304 to who has this version', async () => {
    const { headers } = await room.get('/api/workflows/diamond');
    const answer = await room.get('/api/workflows/diamond', {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    });
    assert.equal(answer.status, 304);
  });

  it('lists versions, shows what one changed, and rolls back as a new version', async () => {
    const versions = await room.get('/api/workflows/diamond/versions');
    assert.deepEqual(
      versions.body.map(({ version }: { version: number }) => version),
      [3, 2, 1],
    );
    const { body } = await room.get('/api/workflows/diamond/versions/2/diff');
    assert.deepEqual(body, {
      from: 1,
      to: 2,
      changes: [{ op: 'replace', path: '/description', from: 'Four nodes', to: 'changed' }],
    });
    const back = await room.post('/api/workflows/diamond/rollback', { version: 1 });
    assert.equal(back.body.version, 4);
    assert.equal(back.body.description, 'Four nodes');
    assert.equal((await room.get('/api/workflows/diamond/versions/9')).status, 404);
  });

  it('tells every problem of a definition at once, and stores nothing', async () => {
    const { status, body } = await room.post('/api/workflows/validate', {
      name: 'wrong',
      nodes: [
        { id: 'a', agent: 'nobody', input: {} },
        { id: 'b', agent: 'echo', input: { x: '{{ c.output }}' } },
      ],
    });
    assert.equal(status, 400);
    assert.equal(body.code, 'INVALID_DEFINITION');
    assert.ok(body.errors.length >= 2, JSON.stringify(body.errors));
    assert.equal((await room.get('/api/workflows/wrong')).status, 404);
    assert.deepEqual((await room.post('/api/workflows/validate', DIAMOND)).body, { valid: true, nodes: 4, edges: 4 });
  });

  it('pages lists by the Link header, newest first, each workflow once', async () => {
    for (const n of [1, 2, 3])
      await room.post('/api/workflows', { name: `page-${String(n)}`, nodes: [{ id: 'a', transform: '1' }] });
    const names: string[] = [];
    let path: string | undefined = '/api/workflows?limit=2&q=page-';
    while (path !== undefined) {
      const { body, headers } = await room.get(path);
      names.push(...body.map(({ name }: { name: string }) => name));
      path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    assert.deepEqual(names, ['page-3', 'page-2', 'page-1']);
  });

  it('refuses new runs of a paused workflow, and takes them again when it is resumed', async () => {
    assert.equal((await room.post('/api/workflows/page-1/pause')).status, 200);
    assert.equal((await room.post('/api/workflows/page-1/pause')).status, 409);
    assert.equal((await room.post('/api/workflows/page-1/trigger')).status, 409);
    assert.equal((await room.post('/api/workflows/page-1/resume')).status, 200);
    assert.equal((await room.post('/api/workflows/page-1/trigger')).status, 202);
  });

  it('deletes a workflow and keeps its runs', async () => {
    const { body } = await room.post('/api/workflows/page-2/trigger');
    const path = `/api/workflows/page-2/runs/${body.workflowRunId}`;
    assert.equal((await room.get(`${path}?wait=10`)).body.status, 'SUCCESS');
    assert.equal((await room.call('DELETE', '/api/workflows/page-2')).status, 204);
    assert.equal((await room.get('/api/workflows/page-2')).status, 404);
    assert.equal((await room.get(path)).status, 200);
  });
});
