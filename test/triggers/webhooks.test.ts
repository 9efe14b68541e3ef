import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { startRoom, type TestRoom } from '../http/support/room.ts';

describe('a generic webhook with a secret', () => {
  const SECRET = 'mountain';
  let room: TestRoom;
  before(async function () {
    room = await startRoom({ parts: { secret: (name) => (name === 'HOOK' ? SECRET : undefined) } });
    const nodes = [{ id: 'say', transform: 'input' }];
    const mapping = { event: "{{ input.headers['x-github-event'] }}", word: '{{ input.body.word }}' };
    for (const [name, trigger] of [
      ['github', { secret: 'HOOK', scheme: 'hmac-sha256', mapping }],
      ['fresh', { secret: 'HOOK', scheme: 'hmac-sha256', replayWindowSeconds: 60 }],
      ['tokened', { secret: 'HOOK', scheme: 'bearer' }],
      ['unset', { secret: 'OTHER' }],
    ] as const)
      await room.post('/api/workflows', { name, nodes, triggers: [{ type: 'webhook', ...trigger }] });
  });
  after(() => room.close());

  const sign = (text: string) => `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;
  const send = (name: string, raw: string, headers: Record<string, string>) =>
    room.call('POST', `/api/webhooks/workflows/${name}`, { raw, headers });

  it('takes what GitHub signs, maps it, and starts one run for each delivery', async () => {
    const raw = '{"word": "hello"}';
    const headers = { 'x-hub-signature-256': sign(raw), 'x-github-event': 'push', 'x-github-delivery': 'd-1' };
    const answer = await send('github', raw, headers);
    assert.equal(answer.status, 202);
    const { body } = await room.get(`${answer.headers.get('location') ?? ''}?wait=10`);
    assert.deepEqual(body.input, { event: 'push', word: 'hello' });
    assert.equal((await send('github', raw, headers)).body.workflowRunId, answer.body.workflowRunId);
  });

  it('refuses another signature, another body and none', async () => {
    const raw = '{"word": "hello"}';
    for (const headers of [{}, { 'x-hub-signature-256': sign('{}') }, { 'x-hub-signature-256': 'sha256=00' }])
      assert.equal((await send('github', raw, headers as Record<string, string>)).status, 403);
  });

  it('refuses what is older than its replay window, and starts nothing for a replay within it', async () => {
    const at = (seconds: number) => String(Math.floor(Date.now() / 1000) - seconds);
    const signed = (timestamp: string) => ({
      'x-webhook-timestamp': timestamp,
      'x-hub-signature-256': sign(`${timestamp}.{}`),
    });
    assert.equal((await send('fresh', '{}', signed(at(90)))).status, 403);
    assert.equal((await send('fresh', '{}', { 'x-hub-signature-256': sign('{}') })).status, 403);
    const now = signed(at(0));
    const first = await send('fresh', '{}', now);
    assert.equal(first.status, 202);
    const replay = await send('fresh', '{}', now);
    assert.equal(replay.status, 200);
    assert.equal(replay.body.workflowRunId, first.body.workflowRunId);
    assert.equal((await send('fresh', '{}', { ...now, 'x-webhook-timestamp': at(1) })).status, 403);
  });

  it('tells its sender what does not fit, and notes it under its trigger', async () => {
    const raw = '{"other": "thing"}';
    const headers = { 'x-hub-signature-256': sign(raw), 'x-github-event': 'push', 'x-github-delivery': 'd-2' };
    const { status, body } = await send('github', raw, headers);
    assert.equal(status, 400);
    assert.match(body.detail, /input\.body\.word/);
    const [{ id }] = (await room.get('/api/triggers?workflow=github')).body;
    const [decision] = (await room.get(`/api/triggers/${id}/decisions`)).body;
    assert.deepEqual([decision.outcome, decision.subject.delivery], ['declined', 'd-2']);
    assert.equal(decision.message, body.detail);
  });

  it('takes the secret as a token', async () => {
    assert.equal((await send('tokened', '{}', { 'x-webhook-token': SECRET })).status, 202);
    assert.equal((await send('tokened', '{}', { 'x-webhook-token': 'no' })).status, 403);
  });

  it('says which secret is not set', async () => {
    const { status, body } = await send('unset', '{}', {});
    assert.equal(status, 503);
    assert.match(body.detail, /AGENT_SECRET_OTHER/);
  });
});
