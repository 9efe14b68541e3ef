import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { routes } from '../../api/routes.ts';
import { judge } from '../../bench/fuzz/judge.ts';
import { documentedOperations, operationAt } from '../../bench/fuzz/operations.ts';
import { runCli } from '../../cli/program.ts';
import { startApi, startRoom, type TestRoom } from '../http/support/room.ts';

const TOKENS = 'ann:admin:token-of-ann,hook:webhook:token-of-hook';
const ANN = { token: 'token-of-ann' };
const HOOK = { token: 'token-of-hook' };
const JSON_TYPE = { 'content-type': 'application/json' };
const UUID = '00000000-0000-4000-8000-000000000000';
const { operations } = documentedOperations(routes);

/** Kinds of JSON, and of what is none, that have broken somebody's parser, store or handler. */
const BODIES: Readonly<Record<string, string | Buffer>> = {
  'a list': '[]',
  'a text': '"text"',
  'a number': '1',
  nothing: 'null',
  'a byte order mark': '\ufeff{}',
  'UTF-16': Buffer.from('\ufeff{"a":1}', 'utf16le'),
  'half a character': Buffer.from([0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d]),
  'an overlong slash': Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
  'half a surrogate pair': '{"name":"\\ud800","input":{"a":"\\udfff"}}',
  'a key that is half a pair': '{"\\ud800":1}',
  'a NUL': '{"name":"a\\u0000b","input":{"a":"\\u0000"}}',
  'a key with a NUL': '{"a\\u0000":1}',
  'a prototype': '{"__proto__":{"scope":"admin"},"name":"x"}',
  'an escaped prototype': '{"\\u005f_proto__":{"scope":"admin"},"name":"x"}',
  'a constructor': '{"constructor":{"prototype":{"scope":"admin"}}}',
  'a prototype in a list': '{"nodes":[{"__proto__":{"id":"a"}}],"alerts":[{"labels":{"__proto__":"x"}}]}',
  'a thing that looks like a promise': '{"then":"x","catch":"y","name":"x"}',
  'a thing that turns itself into JSON': '{"toJSON":"x","toString":1,"valueOf":null}',
  'a thing that looks like a list': '{"length":1e9,"0":1}',
  'a number without an end': '{"version":1e999,"input":{"a":-1e999}}',
  'a number of 400 digits': `{"version":${'9'.repeat(400)}}`,
  'a minus nothing': '{"version":-0}',
  'the same key twice': '{"name":"a","name":"b","nodes":[],"nodes":1}',
  'two documents': '{}{}',
  'a comment': '{/* a */"name":"x"}',
  'single quotes': "{'name':'x'}",
  'a word of JavaScript': '{"name":undefined}',
  'line separators': '{"name":"\u2028\u2029"}',
  '100 levels': `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`,
};

/** As large as they may be: sent to those that look at what a caller sends most closely. */
const LARGE_BODIES: Readonly<Record<string, string>> = {
  '60,000 levels': '['.repeat(60_000) + ']'.repeat(60_000),
  '50,000 keys': JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 1]))),
  '300,000 items': JSON.stringify(Array.from({ length: 300_000 }, () => 1)),
  '50,000 keys of input': JSON.stringify({
    input: Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 1])),
  }),
  'a text of 900 kB': JSON.stringify({ name: 'x'.repeat(900_000), input: { a: 'y' } }),
};

const LABELS = '{"alertname":"Odd"}';
const ODD_ALERTS: readonly string[] = [
  '{"labels":{"__proto__":"x","alertname":"Odd"}}',
  '{"labels":{"constructor":"x","alertname":"Odd"}}',
  '{"labels":{"alertname":"a\\u0000b"}}',
  '{"labels":{"alertname":"\\ud800"}}',
  '{"labels":{"":"empty","alertname":"Odd"}}',
  '{"labels":{"alertname":""}}',
  '{"labels":{"alertname":7,"severity":null,"more":{"a":1}}}',
  '{"labels":[]}',
  '{"labels":null}',
  '{}',
  'null',
  '[]',
  '"text"',
  `{"labels":{"alertname":"${'x'.repeat(100_000)}"}}`,
  `{"labels":${JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`l${index}`, 'v'])))}}`,
  ...[
    '0000-00-00T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    'yesterday',
    '',
    '1e12',
  ].map((startsAt) => `{"labels":${LABELS},"startsAt":${JSON.stringify(startsAt)}}`),
  `{"labels":${LABELS},"startsAt":1700000000}`,
  `{"labels":${LABELS},"status":"FIRING"}`,
  `{"labels":${LABELS},"status":{"a":1}}`,
  `{"labels":${LABELS},"fingerprint":"../../etc/passwd"}`,
  `{"labels":${LABELS},"fingerprint":"${'f'.repeat(5_000)}"}`,
  `{"labels":${LABELS},"generatorURL":"javascript:alert(1)","annotations":{"summary":"<img src=x onerror=alert(1)>"}}`,
  `{"labels":${LABELS},"annotations":{"__proto__":"x","deep":${'['.repeat(60)}${']'.repeat(60)}}}`,
  `{"labels":{"alertname":"{{ input.x }}","severity":"\\u202e","job":"a\\r\\nSet-Cookie: a=b"}}`,
];

const wide = (levels: number) =>
  Object.fromEntries([
    ...Array.from({ length: levels }, (_, index) => [
      `d${index}`,
      { allOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
    ]),
    [`d${levels}`, { type: 'object' }],
  ]) as object;

/** Each refused when it is stored, or ended by its budget when it runs: never for ever. */
const BOMBS: readonly (readonly [what: string, node: object, more?: object])[] = [
  [
    'lists of lists',
    {
      id: 'a',
      transform: `[1,2,3,4,5,6,7,8,9]${'.map(x, [1,2,3,4,5,6,7,8,9])'.repeat(1)}.map(a, [1,2,3,4,5,6,7,8,9].map(b, [1,2,3,4,5,6,7,8,9].map(c, [1,2,3,4,5,6,7,8,9].map(d, [1,2,3,4,5,6,7,8,9].map(e, [1,2,3,4,5,6,7,8,9].map(f, [1,2,3,4,5,6,7,8,9].map(g, a)))))))`,
    },
  ],
  ['a text that grows', { id: 'a', transform: `input.text${' + input.text'.repeat(400)}` }],
  [
    'text in text',
    {
      id: 'a',
      transform:
        '[input.text].map(a, a+a+a+a+a+a+a+a).map(b, b+b+b+b+b+b+b+b).map(c, c+c+c+c+c+c+c+c).map(d, d+d+d+d+d+d+d+d)',
    },
  ],
  ['a pattern that backtracks', { id: 'a', transform: 'input.text.matches("^(a+)+$|(a|aa)+b")' }],
  ['a pattern that repeats', { id: 'a', transform: 'input.text.matches("((a{0,100}){0,100}){0,100}")' }],
  ['brackets', { id: 'a', transform: `${'('.repeat(5_000)}1${')'.repeat(5_000)}` }],
  ['a long sum', { id: 'a', transform: `1${'+1'.repeat(20_000)}` }],
  ['many conditions', { id: 'a', transform: `${'true?'.repeat(3_000)}1${':2'.repeat(3_000)}` }],
  ['a number too large', { id: 'a', transform: '9223372036854775807 + 1' }],
  ['a division by nothing', { id: 'a', transform: '1 / 0' }],
  ['templates in thousands', { id: 'a', agent: 'echo', input: { a: '{{ input.text }}'.repeat(3_000) } }],
  ['templates in templates', { id: 'a', agent: 'echo', input: { a: `${'{{ '.repeat(2_000)}1${' }}'.repeat(2_000)}` } }],
  ['a schema that doubles', { id: 'a', transform: '1' }, { inputSchema: { $ref: '#/$defs/d0', $defs: wide(40) } }],
  ['a schema of itself', { id: 'a', transform: '1' }, { inputSchema: { $ref: '#' } }],
  [
    'a schema with a pattern',
    { id: 'a', transform: '1' },
    { inputSchema: { properties: { text: { type: 'string', pattern: '^(a+)+$b' } } } },
  ],
  [
    'a schema of names',
    { id: 'a', transform: '1' },
    { inputSchema: { patternProperties: { '(a|a)*$': {}, '(x+x+)+y': {} } } },
  ],
  [
    'a list for each',
    {
      id: 'a',
      transform: '1',
      forEach:
        '[1,2,3,4,5,6,7,8,9,10].map(x, [1,2,3,4,5,6,7,8,9,10].map(y, [1,2,3,4,5,6,7,8,9,10].map(z, [1,2,3,4,5,6,7,8,9,10].map(w, input.text))))',
    },
  ],
  ['a workflow of itself', { id: 'a', workflow: 'bomb' }],
];

describe('a red team', function () {
  this.timeout(120_000);
  let room: TestRoom;
  let run = UUID;
  before(async function () {
    this.timeout(300_000);
    room = await startRoom({
      env: { AUTH_TOKENS: TOKENS, RATE_LIMIT_PER_SECOND: '0', RATE_LIMIT_PER_ADDRESS: '0' },
      agents: { echo: (input) => input },
    });
    const definition = { name: 'target', triggers: [{ type: 'webhook' }], nodes: [{ id: 'a', agent: 'echo' }] };
    assert.equal((await room.post('/api/workflows', definition, { token: 'token-of-ann' })).status, 201);
    const { body } = await room.post('/api/workflows/target/trigger', undefined, { token: 'token-of-ann' });
    run = String(body.workflowRunId);
    await room.get(`/api/workflows/target/runs/${run}?wait=20`, { token: 'token-of-ann' });
  });
  afterEach(async () => {
    assert.equal((await room.get('/health')).status, 200, 'the service is well afterwards');
  });
  after(() => room.close());

  const addressOf = (path: string) =>
    path
      .replace('{runId}', run)
      .replace('{name}', 'NAME')
      .replace('{projectId}', 'default')
      .replace('{nodeId}', 'a')
      .replace(/\{(?:agentRunId|version)\}/, UUID)
      .replace('{link}', 'x.y')
      .replace('{id}', /workflows/.test(path) ? 'target' : UUID);

  const faults: string[] = [];
  async function send(
    method: string,
    path: string,
    what: string,
    headers: Record<string, string>,
    body?: string | Buffer,
  ): Promise<number> {
    const response = await fetch(room.url + path, {
      method,
      headers: { authorization: 'Bearer token-of-ann', ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const contentType = response.headers.get('content-type') ?? '';
    const text = contentType === 'text/event-stream' ? '' : await response.text();
    if (contentType === 'text/event-stream') await response.body?.cancel();
    const request = { method, path, headers, body: undefined };
    const fault = judge(operationAt(operations, method, path), request, { status: response.status, contentType, text });
    if (fault !== undefined) faults.push(`${what}: ${method} ${path} ${fault}: ${text.slice(0, 300)}`);
    return response.status;
  }
  const assertNoFaults = () => {
    assert.deepEqual(faults.splice(0), []);
  };

  it('sends every kind of body to every route that takes one, and breaks none', async () => {
    for (const { method, path } of operations.filter((operation) => ['POST', 'PUT'].includes(operation.method))) {
      for (const [what, body] of Object.entries(BODIES)) {
        const status = await send(method, addressOf(path), what, JSON_TYPE, body);
        if (/prototype|constructor/.test(what) && !path.includes('/webhooks/') && status < 300)
          faults.push(`${what}: ${method} ${path} took it`);
      }
    }
    for (const path of ['/api/workflows/validate', '/api/workflows/target/trigger', '/api/webhooks/alertmanager']) {
      for (const [what, body] of Object.entries(LARGE_BODIES)) await send('POST', path, what, JSON_TYPE, body);
    }
    assertNoFaults();
    assert.equal(({} as { scope?: string }).scope, undefined);
  });

  it('sends more fields and items than anything has, and is told how many there may be', async () => {
    for (const [what, told] of [
      ['50,000 keys of input', 'An object has at most 10000 fields, this has 50000'],
      ['300,000 items', 'A list has at most 100000 items, this has 300000'],
    ] as const) {
      const { status, body } = await room.call('POST', '/api/workflows/target/trigger', {
        raw: LARGE_BODIES[what] ?? '',
        ...ANN,
      });
      assert.equal(status, 400);
      assert.equal(body.errors[0].message, told);
    }
  });

  it('sends alerts that are not what they seem: none is lost, none refuses its neighbours', async () => {
    const sound = (index: number) => ({ labels: { alertname: `Sound${String(index)}` } });
    for (const [index, odd] of ODD_ALERTS.entries()) {
      const raw = `{"version":"4","alerts":[${odd},${JSON.stringify(sound(index))}]}`;
      const { status, body, text } = await room.call('POST', '/api/webhooks/alertmanager', { raw, ...HOOK });
      assert.equal(status, 202, `${odd.slice(0, 200)}: ${text.slice(0, 300)}`);
      const last = body.alerts.at(-1) as { decisions: { outcome: string }[] };
      assert.ok(last.decisions.length > 0, odd.slice(0, 200));
    }
    for (const path of ['/api/alerts', '/api/webhooks', '/api/runs', '/api/overview', '/metrics'])
      assert.equal((await room.get(path, ANN)).status, 200, path);
  });

  it('stores definitions that would keep a processor busy, and gets none through', async () => {
    for (const [what, node, more = {}] of BOMBS) {
      const definition = { name: 'bomb', nodes: [node], ...more };
      const { status, text } = await room.post('/api/workflows', definition, ANN);
      if (status === 400) continue;
      assert.equal(status, 201, `${what}: ${text.slice(0, 300)}`);
      const started = await room.post('/api/workflows/bomb/trigger', { input: { text: 'a'.repeat(50_000) } }, ANN);
      if (started.status === 202) {
        const path = `/api/workflows/bomb/runs/${String(started.body.workflowRunId)}`;
        const { body } = await room.get(`${path}?wait=20`, ANN);
        assert.match(String(body.status), /^(?:FAILED|SUCCESS)$/, what);
      } else assert.equal(started.status, 400, `${what}: ${started.text.slice(0, 300)}`);
      assert.equal((await room.call('DELETE', '/api/workflows/bomb', ANN)).status, 204);
    }
  });

  it('presses buttons of Bull Board: who did is written down', async () => {
    const { status } = await room.call('PUT', '/admin/queues/api/queues/steps/pause', ANN);
    assert.equal(status, 200);
    assert.equal((await room.call('PUT', '/admin/queues/api/queues/steps/resume', ANN)).status, 200);
    const { body } = await room.get('/api/audit?action=changeJobs', ANN);
    assert.deepEqual(
      body.map(({ actor, target }: Record<string, unknown>) => ({ actor, target })),
      ['resume', 'pause'].map((button) => ({ actor: 'ann', target: `PUT /api/queues/steps/${button}` })),
    );
  });

  it('writes what it likes into X-Forwarded-For: the audit log has an address', async () => {
    const behind = await startApi(room.engine, { env: { AUTH_TOKENS: TOKENS, TRUST_PROXY: '1' } });
    try {
      for (const [index, forged] of [
        '<script>alert(1)</script>',
        'x'.repeat(8_000),
        '127.0.0.1:80',
        "' OR 1=1",
      ].entries()) {
        const headers = { 'x-forwarded-for': forged };
        const name = `forged-${String(index)}`;
        assert.equal((await behind.post('/api/agents', { name }, { ...ANN, headers })).status, 201);
        const { body } = await behind.get(`/api/audit?target=${name}`, ANN);
        assert.match(String(body[0].address), /127\.0\.0\.1$/);
      }
    } finally {
      await behind.close();
    }
  });

  it('names things so that a terminal would obey: the command line shows what they are', async () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u001b[8mhidden\u009b31m\u202egnp.exe';
    await room.post('/api/workflows', { name: 'odd', description: evil, nodes: [{ id: 'a', transform: '1' }] }, ANN);
    await room.post('/api/workflows/odd/trigger', { input: { evil }, labels: { note: evil } }, ANN);
    for (const args of [
      ['workflow', 'list'],
      ['workflow', 'get', 'odd'],
      ['workflow', 'get', 'odd', '--output', 'yaml'],
      ['runs', 'list'],
      ['runs', 'get', '@last'],
      ['runs', 'list', '--json'],
      ['audit', '--all', '--json'],
      ['workflow', 'get', evil],
    ]) {
      let text = '';
      const sink = { write: (chunk: string) => ((text += chunk), true), columns: 200, isTTY: false };
      const world = { stdin: process.stdin, stdout: sink, stderr: sink, env: { FORCE_COLOR: '1' }, cwd: '/' };
      await runCli([...args, '--url', room.url, '--token', ANN.token], world);
      assert.ok(text.length > 0, args.join(' '));
      // eslint-disable-next-line no-control-regex -- it is what we look for
      const obeyed = /\u001b(?!\[\d+m)|\u001b\[8m|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u202e]/.exec(
        text,
      );
      assert.equal(
        obeyed,
        null,
        `${args.join(' ')}: ${JSON.stringify(text.slice(Math.max(0, (obeyed?.index ?? 0) - 60)).slice(0, 120))}`,
      );
    }
  });

  it('asks every list for impossible pages and filters', async () => {
    const queries = [
      'limit=0',
      'limit=-1',
      'limit=1e3',
      'limit=99999999999999999999',
      'limit=10&limit=20',
      'limit[]=1',
      'limit=%00',
      'cursor=',
      'cursor=AAAA',
      `cursor=${'A'.repeat(5_000)}`,
      'cursor=%ff%fe',
      'cursor=eyJhIjoxfQ%3D%3D',
      'cursor=9223372036854775808',
      `cursor=${encodeURIComponent(`infinity|${UUID}`)}`,
      `cursor=${encodeURIComponent(`2026-01-01 00:00:00+00|${UUID}'; DROP TABLE x`)}`,
      'q=%25%25%25%25%25%25%25%25%25%25%25',
      `q=${'%5C'.repeat(150)}`,
      'status=RUNNING&status=FAILED',
      'status=running',
      'label=a',
      'label==',
      `label=${'a%3Db&label='.repeat(40)}x%3Dy`,
      'from=now',
      'from=2030-01-01T00:00:00Z&to=2020-01-01T00:00:00Z',
      'wait=-1',
      'wait=1e9',
      'wait=NaN',
      '%',
      '%E0%A4%A',
      '&&&&=',
      'constructor=1',
      'toString=1',
      '__proto__[a]=1',
      '%5f%5fproto%5f%5f=1',
    ];
    for (const { method, path } of operations.filter((operation) => operation.method === 'GET')) {
      for (const query of queries) await send(method, `${addressOf(path)}?${query}`, 'a query', {});
    }
    assertNoFaults();
  });

  it('sends headers that say what they should not', async () => {
    const runPath = `/api/workflows/target/runs/${run}`;
    const cases: readonly (readonly [string, string, Record<string, string>])[] = [
      ...['-1', '1e9', 'NaN', '99999999999999999999', '0x10', "1' OR 1=1", '\u00ff', ''].map(
        (id) => ['GET', `${runPath}/events`, { 'last-event-id': id }] as const,
      ),
      ...[
        '00-0-0-0',
        `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`,
        `ff-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`,
        'x'.repeat(9_000),
        '\u00e9',
      ].map((traceparent) => ['POST', '/api/workflows/target/trigger', { traceparent }] as const),
      ...['\u00e9', ' ', 'a b', 'x'.repeat(256), "';--", '{}', '../x', '%00'].map(
        (key) => ['POST', '/api/workflows/target/trigger', { 'idempotency-key': key }] as const,
      ),
      ...['*', '"', 'W/"1"', '"99999999999999999999"', '"-1"', '"1","2"', '1'.repeat(5_000)].map(
        (tag) => ['DELETE', '/api/workflows/none', { 'if-match': tag }] as const,
      ),
      ...['a\u00ff', 'a/../b', 'x'.repeat(65), '<script>', '${jndi:ldap://x}'].map(
        (id) => ['GET', '/api/session', { 'x-request-id': id }] as const,
      ),
      ...['text/html;q=9', '*/*;q=', ','.repeat(5_000)].map((accept) => ['GET', '/nowhere', { accept }] as const),
      ...['br;q=', 'gzip, , ,', 'x'.repeat(5_000)].map(
        (encoding) => ['GET', '/', { 'accept-encoding': encoding }] as const,
      ),
      ...['commandcenter_session=', `commandcenter_session=${'x'.repeat(9_000)}`, 'a=b; '.repeat(900), '=;=;='].map(
        (cookie) => ['GET', '/api/session', { cookie, authorization: '' }] as const,
      ),
      ...[
        'Bearer',
        'bearer token-of-ann x',
        'Basic dG9rZW4=',
        `Bearer ${'x'.repeat(9_000)}`,
        'Digest username="a"',
      ].map((authorization) => ['GET', '/api/session', { authorization }] as const),
    ];
    for (const [method, path, headers] of cases)
      await send(method, path, JSON.stringify(headers).slice(0, 80), headers);
    assertNoFaults();
  });

  it('speaks HTTP in ways that hide one request in another', async () => {
    const { port } = new URL(room.url);
    const hidden = 'GET /api/tokens HTTP/1.1\r\nHost: a\r\n\r\n';
    const heads: Readonly<Record<string, string>> = {
      'a length and chunks': `POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
      'two lengths': `POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n${hidden}`,
      'a length with a sign': `POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\n${hidden}`,
      'a length in hexadecimal': `POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 0x4\r\n\r\n${hidden}`,
      'another coding': `POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
      'chunks twice': `POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
      'a chunk size with a sign': `POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${hidden}`,
      'a folded header': `GET /health HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c: d\r\nTransfer-Encoding:\r\n chunked\r\n\r\n${hidden}`,
      'a space before the colon': `POST /login HTTP/1.1\r\nHost: a\r\nContent-Length : 4\r\n\r\n${hidden}`,
      'a header without a colon': 'GET /health HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n',
      'a NUL in a header': 'GET /health HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n',
      'line feeds alone': 'GET /api/tokens HTTP/1.1\nHost: a\n\n',
      'no host': 'GET /api/tokens HTTP/1.1\r\n\r\n',
      'two hosts': 'GET /api/tokens HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n',
      'a host with a user': 'GET /api/tokens HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n',
      'a host that is a path': 'GET /api/tokens HTTP/1.1\r\nHost: localhost/../x\r\n\r\n',
      'an absolute address of another host': 'GET http://localhost/api/tokens HTTP/1.1\r\nHost: evil.example\r\n\r\n',
      'an asterisk': 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
      'a tunnel': 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: a\r\n\r\n',
      'a trace': 'TRACE / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer token-of-ann\r\n\r\n',
      'a method of its own': 'PROPFIND /api/tokens HTTP/1.1\r\nHost: a\r\n\r\n',
      'a method that is none': 'GETX /api/tokens HTTP/1.1\r\nHost: a\r\n\r\n',
      'an old version': 'GET /api/tokens\r\n\r\n',
      'a future version': 'GET /api/tokens HTTP/3.0\r\nHost: a\r\n\r\n',
      'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      TLS: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
      '3,000 headers': `GET /api/tokens HTTP/1.1\r\nHost: a\r\n${'a:b\r\n'.repeat(3_000)}\r\n`,
      'a path of 20 kB': `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      'a path with a control character': 'GET /health\u0001 HTTP/1.1\r\nHost: a\r\n\r\n',
      'an upgrade to HTTP/2':
        'GET /api/tokens HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n\r\n',
    };
    const letIn: string[] = [];
    for (const [what, head] of Object.entries(heads)) {
      const answer = await answerTo(Number(port), head);
      const refused = /^HTTP\/1\.1 4\d\d [\s\S]*application\/problem\+json/.test(answer) || answer === '';
      if (!refused || answer.includes('token-of-ann') || answer.split('HTTP/1.1 ').length > 2)
        letIn.push(`${what}: ${answer.slice(0, 300)}`);
    }
    assert.deepEqual(letIn, []);
  });
});

/** What comes back for these bytes until the service closes, or has answered and says nothing more. */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setTimeout(400, () => socket.destroy());
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    socket
      .on('error', () => undefined)
      .on('close', () => {
        resolve(answer);
      });
    socket.write(Buffer.from(text, 'latin1'));
  });
}
