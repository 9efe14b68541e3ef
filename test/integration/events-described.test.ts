import assert from 'node:assert/strict';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApiDocument } from '../../api/documentation/asyncapi.ts';
import { streamedEventSchema } from '../../contracts/event-data.ts';
import { EVENT_TYPES, toCloudEvent } from '../../contracts/events.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { readEvents } from '../http/support/events.ts';
import { startRoom, type TestRoom } from '../http/support/room.ts';
import { createHeld, type Held } from '../support/held.ts';
import { waitFor } from '../support/wait-for.ts';

interface Messages {
  readonly components: { readonly messages: Readonly<Record<string, { readonly payload: JsonObject }>> };
}

/** Between them these runs go through everything that an event can tell. */
const DEFINITIONS = [
  { name: 'called', nodes: [{ id: 'one', transform: '1' }] },
  {
    name: 'everything',
    nodes: [
      { id: 'ask', agent: 'echo', approval: { message: 'May I?', timeoutSeconds: 3600 }, input: { a: 1 } },
      {
        id: 'again',
        agent: 'flaky',
        retry: { attempts: 2, backoff: { type: 'fixed', delayMs: 1 } },
        dependsOn: ['ask'],
      },
      { id: 'each', agent: 'echo', forEach: '[1, 2]', input: { n: '{{ item }}' }, dependsOn: ['again'] },
      { id: 'sub', workflow: 'called', dependsOn: ['each'] },
      { id: 'wrong', agent: 'broken', allowFailure: true, dependsOn: ['each'] },
      { id: 'left', transform: '1', when: 'false', dependsOn: ['each'] },
    ],
  },
  { name: 'failing', nodes: [{ id: 'wrong', agent: 'broken' }] },
  { name: 'held', nodes: [{ id: 'hold', agent: 'held' }, { id: 'next', transform: '1', dependsOn: ['hold'] }] }, // prettier-ignore
];

describe('the events of runs', function () {
  let room: TestRoom;
  let held: Held;

  before(async () => {
    held = createHeld();
    let tries = 0;
    const flaky = () => {
      if (tries++ === 0) throw new Error('once more');
      return {};
    };
    const broken = () => {
      throw new Error('final: nothing to be done');
    };
    room = await startRoom({ agents: { echo: (input) => input, flaky, broken, held: held.agent } });
    for (const definition of DEFINITIONS) await room.post('/api/workflows', definition);
  });
  after(() => room.close());

  it('are, every type of them, as the AsyncAPI document describes them', async () => {
    const runs = [await runThrough(), await runTo('failing'), await cancelled()];
    const { components } = JSON.parse((await room.get('/asyncapi.json')).text) as Messages;
    assert.deepEqual(components, JSON.parse(JSON.stringify(asyncApiDocument().components)));
    const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true }));
    const validators = new Map(
      EVENT_TYPES.map((type) => [type, ajv.compile(components.messages[type]?.payload ?? {})]),
    );
    const seen = new Set<string>();
    for (const { id, name } of runs) {
      for (const event of await room.engine.events(id)) {
        const type = event.type as (typeof EVENT_TYPES)[number];
        const owner = { runId: id, workflowName: name, workflowId: await idOf(name) };
        const message = JSON.parse(
          JSON.stringify(toCloudEvent({ ...event, ...owner, createdAt: new Date() })),
        ) as object;
        const validate = validators.get(type);
        assert.ok(validate?.(message), `${type}: ${ajv.errorsText(validate?.errors)}\n${JSON.stringify(message)}`);
        seen.add(type);
      }
    }
    assert.deepEqual([...seen].sort(), [...EVENT_TYPES].sort(), 'every type was seen');
  });

  it('come over the stream as the document describes them', async () => {
    const { id, name } = await runTo('called');
    const events = await readEvents(`${room.url}/api/workflows/${name}/runs/${id}/events`);
    for (const { data } of events) assert.ok(streamedEventSchema.safeParse(data).success, JSON.stringify(data));
  });

  async function idOf(name: string): Promise<string> {
    return ((await room.get(`/api/workflows/${name}`)).body as { id: string }).id;
  }

  async function start(name: string): Promise<{ id: string; name: string }> {
    const { body } = await room.post(`/api/workflows/${name}/trigger`, {});
    return { id: (body as { workflowRunId: string }).workflowRunId, name };
  }

  async function runTo(name: string): Promise<{ id: string; name: string }> {
    const run = await start(name);
    await room.engine.ended(run.id);
    return run;
  }

  /** Waits for a person, is paused and resumed, and approved. */
  async function runThrough(): Promise<{ id: string; name: string }> {
    const run = await start('everything');
    const approval = await waitFor(() => room.engine.approval(run.id).catch(() => undefined), {
      describe: 'the approval',
    });
    await room.post(`/api/workflows/everything/runs/${run.id}/pause`);
    await room.post(`/api/workflows/everything/runs/${run.id}/resume`);
    await room.post(`/api/approvals/${approval.id}/decision`, { decision: 'APPROVED', respondedBy: 'ada' });
    assert.equal((await room.engine.ended(run.id)).status, 'SUCCESS');
    return run;
  }

  async function cancelled(): Promise<{ id: string; name: string }> {
    const run = await start('held');
    await waitFor(async () => (await room.engine.node(run.id, 'hold')).status === 'RUNNING', { describe: 'it to run' });
    await room.post(`/api/workflows/held/runs/${run.id}/cancel`);
    await room.engine.ended(run.id);
    return run;
  }
});
