import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { waitFor } from '../support/wait-for.ts';
import { startRoom, type TestRoom } from './support/room.ts';
import type { CallOptions } from './support/client.ts';

const NODE = { id: 'a', transform: '1' };
const definition = (fields: object) => ({ body: { name: 'bad', nodes: [NODE], ...fields } });
const UUID = '00000000-0000-4000-8000-000000000000';

/** What is sent, what must come back, and what its detail or errors must say. */
const BAD: readonly [what: string, method: string, path: string, options: CallOptions, status: number, says: RegExp][] =
  [
    [
      'a cycle',
      'POST',
      '/api/workflows',
      definition({
        nodes: [
          { ...NODE, dependsOn: ['c'] },
          { id: 'b', transform: '1', dependsOn: ['a'] },
          { id: 'c', transform: '1', dependsOn: ['b'] },
        ],
      }),
      400,
      /Circular dependency detected: a -> b -> c -> a/,
    ],
    [
      'an unknown node in an edge',
      'POST',
      '/api/workflows',
      definition({ edges: [{ from: 'x', to: 'a' }] }),
      400,
      /Cannot resolve dependency x/,
    ],
    [
      'an unknown node in a template',
      'POST',
      '/api/workflows',
      definition({ nodes: [{ id: 'a', agent: 'echo', input: { v: '{{ x.output }}' } }] }),
      400,
      /Cannot resolve dependency x|unknown/i,
    ],
    ['a duplicate node id', 'POST', '/api/workflows', definition({ nodes: [NODE, NODE] }), 400, /[Dd]uplicate/],
    [
      'an unknown agent',
      'POST',
      '/api/workflows',
      definition({ nodes: [{ id: 'a', agent: 'ghost', input: {} }] }),
      400,
      /Unknown agent "ghost"/,
    ],
    ['a self edge', 'POST', '/api/workflows', definition({ edges: [{ from: 'a', to: 'a' }] }), 400, /itself|Circular/],
    ['no nodes', 'POST', '/api/workflows', definition({ nodes: [] }), 400, /at least one node/],
    ['the obsolete steps', 'POST', '/api/workflows', { body: { name: 'bad', steps: [] } }, 400, /obsolete/],
    ['an unknown field', 'POST', '/api/workflows', definition({ colour: 'red' }), 400, /Unknown field "colour"/],
    [
      'an invalid cron',
      'POST',
      '/api/workflows',
      definition({ triggers: [{ type: 'schedule', cron: '99 * * * *' }] }),
      400,
      /cron/i,
    ],
    [
      'an invalid matcher',
      'POST',
      '/api/workflows',
      definition({ triggers: [{ type: 'alertmanager', matchers: ['severity='.padEnd(12, '"')] }] }),
      400,
      /matcher/i,
    ],
    [
      'an invalid expression',
      'POST',
      '/api/workflows',
      definition({ nodes: [{ id: 'a', transform: '1 +' }] }),
      400,
      /nodes\[0\]\.transform/,
    ],
    [
      'a time-out beyond every timer',
      'POST',
      '/api/workflows',
      definition({ timeoutSeconds: 2 ** 31 }),
      400,
      /2147483/,
    ],
    [
      '1,001 nodes',
      'POST',
      '/api/workflows',
      definition({ nodes: Array.from({ length: 1001 }, (_, n) => ({ id: `n${String(n)}`, transform: '1' })) }),
      400,
      /At most 1000 nodes/,
    ],
    ['a name in capitals', 'POST', '/api/workflows', definition({ name: 'Bad' }), 400, /lower-case/],
    ['no JSON', 'POST', '/api/workflows', { raw: '{"name":' }, 400, /not valid JSON/],
    ['a list for an object', 'POST', '/api/workflows', { raw: '[]' }, 400, /expected record|object/i],
    ['no body where one is needed', 'POST', '/api/workflows', {}, 400, /Required|expected/],
    ['invalid UTF-8', 'POST', '/api/workflows', { raw: Uint8Array.from([0x22, 0xff, 0x22]) }, 400, /UTF-8/],
    ['a NUL character', 'POST', '/api/workflows/good/trigger', { raw: '{"input":{"a":"x\\u0000"}}' }, 400, /u0000/],
    ['a lone surrogate', 'POST', '/api/workflows/good/trigger', { raw: '{"input":{"a":"\\ud800"}}' }, 400, /surrogate/],
    [
      '__proto__',
      'POST',
      '/api/workflows/good/trigger',
      { raw: '{"input":{"__proto__":{"admin":true}}}' },
      400,
      /__proto__/,
    ],
    [
      'constructor, escaped',
      'POST',
      '/api/workflows/good/trigger',
      { raw: '{"input":{"\\u0063onstructor":1}}' },
      400,
      /constructor/,
    ],
    [
      'a body nested 100,000 deep',
      'POST',
      '/api/workflows/good/trigger',
      { raw: '['.repeat(100_000) + ']'.repeat(100_000) },
      400,
      /nested/,
    ],
    [
      'more than 1 MiB',
      'POST',
      '/api/workflows/good/trigger',
      { raw: `{"input":{"a":"${'x'.repeat(1024 * 1024)}"}}` },
      413,
      /1048576/,
    ],
    [
      'XML',
      'POST',
      '/api/workflows/good/trigger',
      { raw: '<a/>', headers: { 'content-type': 'application/xml' } },
      415,
      /JSON/,
    ],
    [
      'a form',
      'POST',
      '/api/workflows/good/trigger',
      { raw: 'input=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      /JSON/,
    ],
    [
      'another charset',
      'POST',
      '/api/workflows/good/trigger',
      { raw: '{}', headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      /UTF-8/,
    ],
    [
      'a compressed body',
      'POST',
      '/api/workflows/good/trigger',
      { raw: gzipSync('{}'), headers: { 'content-encoding': 'gzip' } },
      415,
      /Compressed/,
    ],
    ['an unknown field of a trigger', 'POST', '/api/workflows/good/trigger', { body: { inputs: {} } }, 400, /inputs/],
    [
      'input and its alias',
      'POST',
      '/api/workflows/good/trigger',
      { body: { input: {}, contextJson: {} } },
      400,
      /contextJson/,
    ],
    [
      'hostile JSON inside contextJson',
      'POST',
      '/api/workflows/good/trigger',
      { body: { contextJson: '{"__proto__":1}' } },
      400,
      /__proto__/,
    ],
    ['an unknown query parameter', 'GET', '/api/workflows?lmit=1', {}, 400, /lmit/],
    ['a parameter of a route without any', 'GET', '/api/agents/echo?x=1', {}, 400, /"x"/],
    ['a limit that is no number', 'GET', '/api/runs?limit=ten', {}, 400, /limit/],
    ['a limit out of range', 'GET', '/api/runs?limit=100000', {}, 400, /limit/],
    ['a parameter given twice', 'GET', '/api/runs?limit=1&limit=2', {}, 400, /limit/],
    ['a made-up cursor', 'GET', '/api/runs?cursor=abc', {}, 400, /cursor/],
    ['an unknown status', 'GET', '/api/runs?status=DONE', {}, 400, /status/],
    ['a time that is none', 'GET', '/api/runs?from=yesterday', {}, 400, /from/],
    ['an unknown workflow', 'GET', '/api/workflows/nothing', {}, 404, /nothing/],
    ['an id that cannot be one', 'GET', '/api/workflows/..%2f..%2fetc', {}, 404, /address/],
    ['a run id that is no UUID', 'GET', '/api/workflows/good/runs/1', {}, 404, /address/],
    ['a run that is not there', 'GET', `/api/workflows/good/runs/${UUID}`, {}, 404, /no run/],
    [
      'an approval that is not there',
      'POST',
      `/api/approvals/${UUID}/decision`,
      { body: { decision: 'APPROVED' } },
      404,
      /no approval/,
    ],
    [
      'a decision that is none',
      'POST',
      `/api/approvals/${UUID}/decision`,
      { body: { decision: 'MAYBE' } },
      400,
      /decision/,
    ],
    ['an address that does not exist', 'GET', '/api/nothing', {}, 404, /openapi/],
    ['a method that does not', 'PATCH', '/api/workflows/good', {}, 405, /GET/],
    ['a version that is not there', 'POST', '/api/workflows/good/trigger?version=9', {}, 404, /version/],
    ['a draft', 'POST', '/api/workflows/draft/trigger', {}, 409, /DRAFT/],
    [
      'a schema that is none',
      'POST',
      '/api/agents',
      { body: { name: 'x', inputSchema: { type: 'nonsense' } } },
      400,
      /inputSchema/,
    ],
    ['no webhook of AlertManager', 'POST', '/api/webhooks/alertmanager', { body: { hello: 'world' } }, 400, /alerts/],
    [
      'a Last-Event-ID of others',
      'GET',
      `/api/workflows/good/runs/${UUID}/events`,
      { headers: { 'last-event-id': 'x' } },
      404,
      /no run/,
    ],
  ];

describe('bad requests', () => {
  let room: TestRoom;

  before(async function () {
    room = await startRoom({ agents: { echo: (input) => input } });
    await room.post('/api/workflows', { name: 'good', nodes: [NODE] });
    await room.post('/api/workflows', { name: 'draft', status: 'DRAFT', nodes: [NODE] });
  });
  after(() => room.close());

  for (const [what, method, path, options, status, says] of BAD) {
    it(`refuses ${what} with ${String(status)} and says why`, async () => {
      const answer = await room.call(method, path, options);
      assert.equal(answer.status, status, answer.text);
      assert.match(
        `${answer.body.detail} ${JSON.stringify(answer.body.errors ?? [])}`.replaceAll(String.raw`\"`, `"`),
        says,
      );
    });
  }

  it('says which methods an address takes', async () => {
    const { headers } = await room.call('PATCH', '/api/workflows/good');
    assert.equal(headers.get('allow'), 'HEAD, GET, PUT, DELETE');
  });

  it('is well afterwards', async () => {
    await waitFor(async () => (await room.get('/health/ready')).status === 200, {
      describe: 'the service to be ready',
    });
    const { headers } = await room.post('/api/workflows/good/trigger', { input: { emoji: '😀' } });
    assert.equal((await room.get(`${headers.get('location') ?? ''}?wait=10`)).body.status, 'SUCCESS');
    assert.ok(!room.log.some((line) => /a request failed/.test(line)), 'no bad request was our failure');
  });
});
