import assert from 'node:assert/strict';
import { startApi, startRoom, type TestRoom } from './support/room.ts';

describe('idempotency keys', () => {
  let room: TestRoom;
  let other: Awaited<ReturnType<typeof startApi>>;

  before(async function () {
    room = await startRoom();
    other = await startApi(room.engine);
    await room.post('/api/workflows', { name: 'once', nodes: [{ id: 'a', transform: '1' }] });
  });
  after(async () => {
    await other.close();
    await room.close();
  });

  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

  it('start one run for 100 triggers at once on two replicas', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? room : other).post(`/api/workflows/once/trigger`, { input: { n: 1 } }, keyed('same')),
      ),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200, 202]));
    assert.equal(answers.filter(({ status }) => status === 202).length, 1);
    assert.equal(new Set(answers.map(({ body }) => body.workflowRunId)).size, 1);
    assert.equal((await room.get('/api/workflows/once/runs')).body.length, 1);
  });

  it('mean the same by name and by id, and whatever the order of the fields', async () => {
    const { id } = (await room.get('/api/workflows/once')).body;
    const first = await room.post(
      '/api/workflows/once/trigger',
      { input: { a: 1, b: { c: 2, d: 3 } } },
      keyed('order'),
    );
    const second = await room.post(
      `/api/workflows/${id}/trigger`,
      { input: { b: { d: 3, c: 2 }, a: 1 } },
      keyed('order'),
    );
    assert.equal(first.status, 202);
    assert.equal(second.status, 200);
    assert.equal(second.body.workflowRunId, first.body.workflowRunId);
  });

  it('take no body and an empty one for the same', async () => {
    assert.equal((await room.call('POST', '/api/workflows/once/trigger', keyed('empty'))).status, 202);
    assert.equal((await room.post('/api/workflows/once/trigger', {}, keyed('empty'))).status, 200);
  });

  it('refuse another body with 409', async () => {
    assert.equal((await room.post('/api/workflows/once/trigger', { input: { n: 1 } }, keyed('body'))).status, 202);
    const { status, body } = await room.post('/api/workflows/once/trigger', { input: { n: 2 } }, keyed('body'));
    assert.equal(status, 409);
    assert.match(body.detail, /another body/);
  });

  it('refuse a key that is too long, or holds spaces', async () => {
    for (const key of ['x'.repeat(256), 'a b']) {
      assert.equal((await room.post('/api/workflows/once/trigger', {}, keyed(key))).status, 400);
    }
  });
});
