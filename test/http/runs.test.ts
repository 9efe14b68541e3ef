import assert from 'node:assert/strict';
import { waitFor } from '../support/wait-for.ts';
import { readEvents } from './support/events.ts';
import { startRoom, type TestRoom } from './support/room.ts';

describe('runs over HTTP', () => {
  let room: TestRoom;
  let release = (): void => undefined;

  before(async function () {
    room = await startRoom({
      agents: {
        echo: (input, { onLog }) => {
          for (const text of ['first line', 'second line']) onLog({ at: new Date(), stream: 'stderr', text });
          return input;
        },
        broken: () => {
          throw new Error('final: it broke');
        },
        held: (_, { signal }) =>
          new Promise((resolve) => {
            release = () => {
              resolve({ done: true });
            };
            signal.addEventListener('abort', () => {
              resolve({});
            });
          }),
      },
    });
    for (const definition of [
      {
        name: 'echo',
        nodes: [
          { id: 'say', agent: 'echo', input: { text: '{{ input.text }}' } },
          { id: 'sum', transform: 'say.output', dependsOn: ['say'] },
        ],
      },
      {
        name: 'broken',
        nodes: [
          { id: 'ok', transform: '{"v": 1}' },
          { id: 'bad', agent: 'broken', dependsOn: ['ok'] },
          { id: 'after', transform: '1', dependsOn: ['bad'] },
        ],
      },
      {
        name: 'held',
        nodes: [
          { id: 'hold', agent: 'held' },
          { id: 'next', transform: '1', dependsOn: ['hold'] },
        ],
      },
      {
        name: 'asking',
        nodes: [
          { id: 'ask', signal: { name: 'go' } },
          { id: 'next', transform: 'ask.output', dependsOn: ['ask'] },
        ],
      },
      { name: 'approved', nodes: [{ id: 'gate', agent: 'echo', input: { a: 1 }, approval: { message: 'May I?' } }] },
      {
        name: 'typed',
        inputSchema: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
        nodes: [{ id: 'n', transform: 'input.n' }],
      },
    ]) {
      assert.equal((await room.post('/api/workflows', definition)).status, 201, definition.name);
    }
  });
  after(() => room.close());

  async function trigger(workflow: string, body?: unknown): Promise<{ id: string; path: string }> {
    const answer = await room.post(`/api/workflows/${workflow}/trigger`, body);
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.body.status, 'PENDING');
    return { id: answer.body.workflowRunId, path: answer.headers.get('location') ?? '' };
  }

  async function node(path: string, nodeId: string) {
    const { body } = await room.get(`${path}/agent-runs`);
    return body.find((row: { nodeId: string }) => row.nodeId === nodeId);
  }

  it('starts a run and answers ?wait= when it has ended, with everything in it', async () => {
    const { path } = await trigger('echo', { input: { text: 'hello' }, labels: { team: 'core' } });
    const { body } = await room.get(`${path}?wait=10`);
    assert.equal(body.status, 'SUCCESS');
    assert.deepEqual(body.output, { sum: { text: 'hello' } });
    assert.deepEqual(body.trigger, { type: 'api', by: 'local' });
    assert.deepEqual(body.labels, { team: 'core' });
    assert.ok(body.durationMs >= 0 && body.startedAt <= body.finishedAt);
    const [say, sum] = body.agentRuns;
    assert.equal(say.agent.name, 'echo');
    assert.equal(sum.agent, null);
    assert.deepEqual(say.input, { text: 'hello' });
    assert.equal(say.attempts.length, 1);
    assert.equal(say.attempts[0].status, 'SUCCESS');
  });

  it('answers a trigger with ?wait= when the run has ended, with all of it, and the same again under its key', async () => {
    const ask = () =>
      room.post(
        '/api/workflows/echo/trigger?wait=10',
        { input: { text: 'hello' } },
        { headers: { 'idempotency-key': 'asked-for-its-end' } },
      );
    const { status, body, headers } = await ask();
    assert.equal(status, 202);
    assert.equal(body.status, 'SUCCESS');
    assert.deepEqual(body.run, (await room.get(headers.get('location') ?? '')).body);
    assert.deepEqual(body.run.output, { sum: { text: 'hello' } });
    const again = await ask();
    assert.equal(again.status, 200);
    assert.deepEqual(again.body, body);
  });

  it('answers a trigger with ?wait= after the seconds, with the run as it is then', async () => {
    const { status, body, headers } = await room.post('/api/workflows/held/trigger?wait=1');
    assert.equal(status, 202);
    assert.equal(body.status, 'RUNNING');
    assert.equal(body.run.status, 'RUNNING');
    release();
    assert.equal((await room.get(`${headers.get('location') ?? ''}?wait=10`)).body.status, 'SUCCESS');
  });

  it('triggers without a body, as a bare curl does', async () => {
    const answer = await room.call('POST', '/api/workflows/echo/trigger');
    assert.equal(answer.status, 202);
    const form = await room.call('POST', '/api/workflows/echo/trigger', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(form.status, 202);
  });

  it('takes contextJson for input, as an object or as JSON text', async () => {
    for (const contextJson of [{ text: 'x' }, '{"text": "x"}']) {
      const { path } = await trigger('echo', { contextJson });
      assert.deepEqual((await room.get(`${path}?wait=10`)).body.input, { text: 'x' });
    }
  });

  it('refuses input that the workflow’s schema refuses, with the path', async () => {
    const { status, body } = await room.post('/api/workflows/typed/trigger', { input: { n: 'one' } });
    assert.equal(status, 400);
    assert.equal(body.errors[0].path, 'input.n');
  });

  it('shows why a run failed: code, message and node', async () => {
    const { path } = await trigger('broken');
    const { body } = await room.get(`${path}?wait=10`);
    assert.equal(body.status, 'FAILED');
    assert.equal(body.error.nodeId, 'bad');
    assert.match(body.error.message, /it broke/);
    assert.equal((await node(path, 'after')).status, 'SKIPPED');
  });

  it('does not know a run under another workflow', async () => {
    const { id } = await trigger('echo');
    assert.equal((await room.get(`/api/workflows/broken/runs/${id}`)).status, 404);
    for (const part of ['agent-runs', 'events'])
      assert.equal((await room.get(`/api/workflows/broken/runs/${id}/${part}`)).status, 404);
    assert.equal((await room.post(`/api/workflows/broken/runs/${id}/cancel`)).status, 404);
  });

  it('streams the events of a run 1..n, and goes on after Last-Event-ID without a gap', async () => {
    const { path } = await trigger('held');
    const first = await readEvents(`${room.url}${path}/events`, { most: 3 });
    const rest = readEvents(`${room.url}${path}/events`, { headers: { 'Last-Event-ID': '2' } });
    await waitFor(async () => (await node(path, 'hold')).status === 'RUNNING', { describe: 'the node to run' });
    release();
    const events = [...first.slice(0, 2), ...(await rest)];
    assert.deepEqual(
      events.map(({ id }) => Number(id)),
      events.map((_, index) => index + 1),
    );
    assert.equal(events.at(-1)?.event, 'run.succeeded');
    assert.equal(events[0]?.data.type, 'run.created');
    const last = events.at(-1)?.id ?? '';
    assert.deepEqual(await readEvents(`${room.url}${path}/events`, { headers: { 'Last-Event-ID': last } }), []);
  });

  it('gives the log of an agent, whole and as a stream', async () => {
    const { path } = await trigger('echo', { input: { text: 'log' } });
    await room.get(`${path}?wait=10`);
    const { id } = await node(path, 'say');
    const lines = await waitFor(
      async () => {
        const { body } = await room.get(`${path}/agent-runs/${id}/logs`);
        return body.length === 2 && body;
      },
      { describe: 'the lines to be stored' },
    );
    assert.deepEqual(
      lines.map(({ text }: { text: string }) => text),
      ['first line', 'second line'],
    );
    const followed = await readEvents(`${room.url}${path}/agent-runs/${id}/logs?follow=1`);
    assert.deepEqual(
      followed.map(({ data }) => data.text),
      ['first line', 'second line'],
    );
    const rest = await readEvents(`${room.url}${path}/agent-runs/${id}/logs?follow=1`, {
      headers: { 'Last-Event-ID': followed[0]?.id ?? '' },
    });
    assert.deepEqual(
      rest.map(({ data }) => data.text),
      ['second line'],
    );
    const { headers } = await room.get(`${path}/agent-runs/${id}/logs?limit=1`);
    const next = /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1] ?? '';
    assert.deepEqual(
      (await room.get(next)).body.map(({ text }: { text: string }) => text),
      ['second line'],
    );
  });

  it('says why a node does not run: a dependency, running, settled', async () => {
    const { path } = await trigger('held');
    await waitFor(async () => (await node(path, 'hold')).status === 'RUNNING', { describe: 'the node to run' });
    const why = async (nodeId: string) =>
      (await room.get(`${path}/agent-runs/${(await node(path, nodeId)).id}/why`)).body;
    assert.equal((await why('hold')).reason, 'running');
    const blocked = await why('next');
    assert.equal(blocked.reason, 'dependency');
    assert.equal(blocked.nodeId, 'hold');
    release();
    await room.get(`${path}?wait=10`);
    assert.equal((await why('next')).reason, 'settled');
  });

  it('cancels with a receipt, once', async () => {
    const { path, id } = await trigger('held');
    await waitFor(async () => (await node(path, 'hold')).status === 'RUNNING', { describe: 'the node to run' });
    const { status, body } = await room.post(`${path}/cancel`);
    assert.equal(status, 202);
    assert.equal(body.workflowRunId, id);
    assert.equal(body.status, 'CANCELLED');
    assert.deepEqual(body.stopped.map(({ nodeId }: { nodeId: string }) => nodeId).sort(), ['hold', 'next']);
    assert.equal((await room.post(`${path}/cancel`)).status, 409);
  });

  it('pauses and resumes a run', async () => {
    const { path } = await trigger('held');
    await waitFor(async () => (await node(path, 'hold')).status === 'RUNNING', { describe: 'the node to run' });
    assert.equal((await room.post(`${path}/pause`)).body.status, 'PAUSED');
    release();
    await waitFor(async () => (await node(path, 'hold')).status === 'SUCCESS', { describe: 'the attempt to finish' });
    const { body } = await room.get(`${path}/agent-runs/${(await node(path, 'next')).id}/why`);
    assert.equal(body.reason, 'paused');
    assert.equal((await room.post(`${path}/resume`)).status, 202);
    assert.equal((await room.get(`${path}?wait=10`)).body.status, 'SUCCESS');
  });

  it('retries what failed as a new run, and keeps what succeeded', async () => {
    const { path, id } = await trigger('broken');
    await room.get(`${path}?wait=10`);
    const { status, body, headers } = await room.post(`${path}/retry`);
    assert.equal(status, 202);
    assert.equal(body.retryOf, id);
    const again = (await room.get(`${headers.get('location') ?? ''}?wait=10`)).body;
    assert.equal(again.retryOf, id);
    assert.equal(again.trigger.type, 'retry');
    assert.equal(again.agentRuns[0].copiedFromRunId, id);
    const nodes = await room.post(`${path}/retry`, { nodes: ['nothing'] });
    assert.equal(nodes.status, 400);
  });

  it('hands a signal to the node that waits for it', async () => {
    const { path } = await trigger('asking');
    await waitFor(async () => (await node(path, 'ask')).waitingFor === 'signal', { describe: 'the node to wait' });
    const why = await room.get(`${path}/agent-runs/${(await node(path, 'ask')).id}/why`);
    assert.equal(why.body.reason, 'signal');
    const { status, body } = await room.post(`${path}/signals/go`, { by: 'test' });
    assert.equal(status, 202);
    assert.equal(body.delivered, true);
    assert.deepEqual((await room.get(`${path}?wait=10`)).body.output, { next: { by: 'test' } });
  });

  it('shows an approval with the input it is about, and takes one decision', async () => {
    const { path, id } = await trigger('approved');
    const approval = await waitFor(
      async () => (await room.get(`/api/approvals?status=PENDING&workflowRunId=${id}`)).body[0],
      {
        describe: 'the approval',
      },
    );
    assert.deepEqual(approval.input, { a: 1 });
    assert.equal(approval.message, 'May I?');
    assert.equal((await room.get(path)).body.status, 'WAITING_APPROVAL');
    const why = await room.get(`${path}/agent-runs/${approval.agentRunId}/why`);
    assert.equal(why.body.approvalId, approval.id);
    const decided = await room.post(`/api/approvals/${approval.id}/decision`, {
      decision: 'APPROVED',
      respondedBy: 'ann',
      notes: 'fine',
    });
    assert.equal(decided.status, 200);
    assert.equal(decided.body.respondedBy, 'ann');
    assert.equal((await room.post(`/api/approvals/${approval.id}/decision`, { decision: 'REJECTED' })).status, 409);
    assert.equal((await room.get(`${path}?wait=10`)).body.status, 'SUCCESS');
  });

  it('fails the run on a rejection', async () => {
    const { path, id } = await trigger('approved');
    const approval = await waitFor(async () => (await room.get(`/api/approvals?workflowRunId=${id}`)).body[0], {
      describe: 'the approval',
    });
    await room.post(`/api/approvals/${approval.id}/decision`, { decision: 'REJECTED' });
    const { body } = await room.get(`${path}?wait=10`);
    assert.equal(body.status, 'FAILED');
    assert.equal(body.error.code, 'REJECTED');
  });

  it('finds runs by workflow, status, trigger, label, time and text', async () => {
    const before = new Date().toISOString();
    const { id, path } = await trigger('echo', { input: { text: 'x' }, labels: { ticket: 'OPS-77' } });
    const find = async (query: string): Promise<string[]> =>
      (await room.get(`/api/runs?${query}`)).body.map((run: { id: string }) => run.id);
    for (const query of [
      'label=ticket=OPS-77',
      'label=ticket',
      'q=ops-77',
      `q=${id.slice(0, 13)}`,
      `workflow=echo&from=${before}`,
      'trigger=api&limit=1',
      'q=ECH&limit=1',
      `workflow=${path.split('/')[3] ?? ''}&limit=1`,
      'q=echo&status=SUCCESS,RUNNING,PENDING&limit=2',
    ]) {
      assert.ok((await find(query)).includes(id), query);
    }
    assert.deepEqual(await find('label=ticket=OPS-78'), []);
    const ended = await room.get('/api/runs?status=FAILED,CANCELLED');
    assert.ok(ended.body.length > 0, ended.text);
    assert.ok(!(await find('status=FAILED')).includes(id));
    const [failed] = ended.body as { id: string; error: { message: string } }[];
    assert.ok(failed);
    const words = encodeURIComponent(failed.error.message.slice(0, 20).toUpperCase());
    assert.ok((await find(`q=${words}`)).includes(failed.id));
    assert.ok(!(await find(`q=${words}&status=SUCCESS`)).includes(failed.id));
    assert.deepEqual(await find('q=no-run-has-this'), []);
    assert.deepEqual(await find('workflow=no-workflow-has-this'), []);
  });

  it('finds the runs of a workflow that was renamed, by its new name, and of one that is gone', async () => {
    const definition = { name: 'short-lived', nodes: [{ id: 'a', transform: '1' }] };
    const { id: workflow } = (await room.post('/api/workflows', definition)).body as { id: string };
    const { id } = await trigger('short-lived', {});
    const find = async (query: string): Promise<string[]> =>
      (await room.get(`/api/runs?${query}`)).body.map((run: { id: string }) => run.id);
    await room.call('PUT', `/api/workflows/${workflow}`, { body: { ...definition, name: 'renamed-since' } });
    assert.deepEqual(await find('workflow=renamed-since'), [id]);
    assert.deepEqual(await find('q=named-since'), [id]);
    await room.call('DELETE', `/api/workflows/${workflow}`);
    assert.deepEqual(await find('workflow=short-lived'), [id]);
    assert.deepEqual(await find('q=rt-lived'), [id]);
  });
});
