import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { definitionJsonSchema, parseDefinition } from '../../flows/definition.ts';
import { schemaProblem, validateInput } from '../../flows/json-schema.ts';
import { LIMITS } from '../../flows/limits.ts';
import { checkDefinition } from '../../flows/validate.ts';
import { assertProblem, refusal } from './refusals.ts';

const docs = readFileSync(new URL('../../docs/WORKFLOWS.md', import.meta.url), 'utf8');
const agentNode = (id: string, fields: object = {}) => ({ id, agent: 'scanner', ...fields });
const workflow = (fields: object = {}) => ({ name: 'w', nodes: [agentNode('a')], ...fields });
const problemsOf = (json: unknown) => refusal('INVALID_DEFINITION', () => parseDefinition(json)).problems;

describe('a workflow definition', () => {
  it('takes the example of the contract', () => {
    const definition = parseDefinition({
      name: 'nightly-hardening',
      projectId: 'default',
      description: 'all of it',
      status: 'ACTIVE',
      inputSchema: { type: 'object' },
      triggers: [
        { type: 'schedule', cron: '0 3 * * *', timezone: 'UTC' },
        {
          type: 'alertmanager',
          matchers: ['severity="critical"', 'team=~"core|infra"'],
          on: ['firing'],
          cooldownSeconds: 600,
        },
        { type: 'nats', subject: 'graph.file.updated' },
        { type: 'webhook' },
      ],
      maxConcurrentRuns: 5,
      timeoutSeconds: 3600,
      nodes: [
        {
          id: 'scan',
          agent: 'security-scanner',
          input: { repositoryPath: '{{ input.repositoryPath }}', scanType: 'all' },
          retry: { attempts: 3, backoff: { type: 'exponential', delayMs: 1000, maxDelayMs: 60000, jitter: 0.5 } },
          timeoutSeconds: 300,
        },
        { id: 'review', agent: 'code-reviewer', input: { repositoryPath: '{{ input.repositoryPath }}' } },
        {
          id: 'patch',
          agent: 'patcher',
          forEach: 'scan.output.findings',
          maxParallel: 4,
          approval: true,
          input: { file: '{{ item.file }}' },
        },
        {
          id: 'notify',
          agent: 'notifier',
          when: 'scan.output.summary.critical > 0',
          runIf: 'all_done',
          input: { channel: 'console', message: 'x' },
        },
      ],
      edges: [
        { from: 'scan', to: 'patch' },
        { from: 'scan', to: 'notify' },
        { from: 'review', to: 'notify' },
      ],
    });
    assert.deepEqual(
      definition.nodes.map(({ kind }) => kind),
      ['agent', 'agent', 'agent', 'agent'],
    );
    assert.equal(definition.nodes[0]?.retry.backoff.jitter, 0.5);
    assert.deepEqual(definition.nodes[2]?.approval, { onTimeout: 'reject' });
  });

  it('takes every field that a workflow, a node of each kind and a trigger of each type may have', () => {
    const definition = parseDefinition({
      ...workflow(),
      concurrency: { key: '{{ input.repo }}', limit: 2, strategy: 'cancel_running' },
      onFailure: 'tell-somebody',
      output: { critical: '{{ all.output }}' },
      labels: { team: 'core' },
      budget: { runs: 3, windowSeconds: 3600, per: ['instance'] },
      maintenance: [
        { from: '2030-01-01T00:00:00Z', until: '2030-01-02T00:00:00+01:00', matchers: ['team="core"'] },
        { cron: '0 2 * * 6', timezone: 'Europe/Berlin', durationSeconds: 3600 },
      ],
      triggers: [
        {
          type: 'schedule',
          cron: '0 3 * * *',
          overlap: 'all',
          catchUpSeconds: 60,
          jitterSeconds: 5,
          input: { a: 1 },
          enabled: false,
        },
        {
          type: 'alertmanager',
          on: 'both',
          groupBy: ['alertname'],
          groupWindowSeconds: 30,
          groupThreshold: 2,
          resolvedWhen: 'first',
          silence: true,
          mapping: {},
        },
        { type: 'grafana', matchers: ['a="b"'], on: 'resolved' },
        { type: 'nats', subject: 'a.*.b.>', mapping: { file: '{{ input.path }}' } },
        { type: 'webhook', secret: 'HOOK_SECRET', scheme: 'hmac-sha256', replayWindowSeconds: 300, mapping: {} },
        { type: 'workflow', workflow: 'other', on: ['FAILED'], mapping: {} },
      ],
      nodes: [
        agentNode('all', {
          input: { a: [1, null, { b: true }] },
          runIf: 'none_failed',
          when: 'true',
          allowFailure: true,
          finally: true,
          retry: { attempts: 2, backoff: { type: 'linear' }, on: ['timeout'] },
          timeoutSeconds: 0.5,
          queueTimeoutSeconds: 1,
          totalTimeoutSeconds: 2,
          approval: {
            roles: ['sre'],
            timeoutSeconds: 60,
            onTimeout: 'approve',
            schema: { type: 'object' },
            message: 'Go?',
          },
          forEach: '[1, 2]',
          maxParallel: 3,
          priority: 5,
          pool: 'gpu',
          cache: { ttlSeconds: 60 },
          locks: [{ key: '{{ input.host }}', mode: 'shared' }, { key: 'x' }],
          ifResolved: 'stop',
          secrets: ['API_TOKEN'],
        }),
        { id: 'w', workflow: 'other', input: {} },
        { id: 't', transform: '1' },
        { id: 's', wait: { seconds: 5 } },
        { id: 'u', wait: { until: '{{ input.at }}' } },
        { id: 'g', signal: { name: 'go' } },
        { id: 'r', awaitResolved: { timeoutSeconds: 600 } },
      ],
    });
    assert.deepEqual(
      definition.nodes.map(({ kind }) => kind),
      ['agent', 'workflow', 'transform', 'wait', 'wait', 'signal', 'awaitResolved'],
    );
    assert.deepEqual(
      definition.triggers.flatMap((trigger) => ('matchers' in trigger ? [trigger.on] : [])),
      [['firing', 'resolved'], ['resolved']],
    );
  });

  it('fills in defaults and turns dependsOn into edges, each edge once', () => {
    const { nodes, edges, status, projectId, triggers } = parseDefinition({
      name: 'w',
      nodes: [agentNode('a'), { id: 'b', transform: '1', dependsOn: ['a'] }],
      edges: [{ from: 'a', to: 'b' }],
    });
    assert.deepEqual(edges, [{ from: 'a', to: 'b' }]);
    assert.deepEqual({ status, projectId, triggers }, { status: 'ACTIVE', projectId: 'default', triggers: [] });
    assert.deepEqual(nodes[0], {
      id: 'a',
      kind: 'agent',
      agent: 'scanner',
      input: {},
      runIf: 'all_success',
      allowFailure: false,
      finally: false,
      ifResolved: 'continue',
      retry: {
        attempts: 1,
        backoff: { type: 'exponential', delayMs: 1000, maxDelayMs: 600000, jitter: 0 },
        on: ['agent', 'infrastructure', 'timeout'],
      },
    });
    assert.ok(!('dependsOn' in (nodes[1] ?? {})));
  });

  it('is deeply frozen and reads itself back as an equal definition', () => {
    const definition = parseDefinition(
      workflow({ output: { a: [{ b: '{{ a.output }}' }] }, nodes: [agentNode('a', { approval: true })] }),
    );
    assert.throws(() => ((definition.output as { a: { b: string }[] }).a[0]!.b = 'x'), TypeError);
    assert.deepEqual(parseDefinition(definition), definition);
    assert.deepEqual(parseDefinition(JSON.parse(JSON.stringify(definition))), definition);
  });

  it('publishes a JSON Schema of draft 2020-12 that names every field and accepts what the parser accepts', () => {
    const schema = definitionJsonSchema();
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.equal(schemaProblem(schema), null);
    assert.deepEqual(validateInput(schema, workflow({ edges: [] })), []);
    assert.notDeepEqual(validateInput(schema, workflow({ foo: 1 })), []);
    assert.notDeepEqual(validateInput(schema, workflow({ nodes: [{ id: 'a', agent: 'x', transform: '1' }] })), []);
    const text = JSON.stringify(schema);
    const contract = [
      'runIf',
      'when',
      'allowFailure',
      'finally',
      'retry',
      'timeoutSeconds',
      'queueTimeoutSeconds',
      'totalTimeoutSeconds',
      'approval',
    ];
    const more = [
      'forEach',
      'maxParallel',
      'priority',
      'pool',
      'cache',
      'locks',
      'ifResolved',
      'secrets',
      'concurrency',
      'onFailure',
      'budget',
      'maintenance',
    ];
    for (const field of [...contract, ...more]) assert.ok(text.includes(`"${field}":`), field);
  });

  it('has every field of its schema in docs/WORKFLOWS.md', () => {
    const names = new Set<string>();
    JSON.stringify(definitionJsonSchema(), (key, value: unknown) => {
      if (key === 'properties') for (const name of Object.keys(value as object)) names.add(name);
      return value;
    });
    const isTold = (name: string) => docs.includes(`\`${name}\``) || docs.includes(`"${name}"`);
    assert.deepEqual(
      [...names].filter((name) => !isTold(name)),
      [],
    );
  });

  it('is valid in every example of docs/WORKFLOWS.md', () => {
    const examples = [...docs.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text ?? '') as unknown);
    assert.ok(examples.length >= 2);
    const names = ['security-scanner', 'code-reviewer', 'compliance-checker', 'patcher', 'notifier'];
    for (const example of examples) checkDefinition(example, { agents: new Map(names.map((name) => [name, {}])) });
  });
});

describe('a definition is refused with path and reason', () => {
  const cases: [title: string, json: unknown, path: string, message: RegExp | string][] = [
    ['no object', [], '', 'expected object'],
    ['no name', { nodes: [agentNode('a')] }, 'name', 'Required'],
    ['a name that is no subject', workflow({ name: 'My.Flow' }), 'name', 'lower-case letter'],
    ['a name like a UUID', workflow({ name: 'abcdef01-2345-4678-9abc-def012345678' }), 'name', 'UUID'],
    ['an empty node list', { name: 'w', nodes: [] }, 'nodes', 'at least one node'],
    ['the obsolete steps', { name: 'w', steps: [{ agent: 'x' }] }, 'steps', /obsolete: write "nodes".*"edges"/],
    ['an unknown field', workflow({ nodez: [] }), 'nodez', 'Unknown field "nodez"'],
    [
      'an unknown field of a node',
      workflow({ nodes: [agentNode('a', { retries: 3 })] }),
      'nodes[0].retries',
      'write retry',
    ],
    [
      'an unknown field deep inside',
      workflow({ nodes: [agentNode('a', { retry: { backoff: { delay: 1 } } })] }),
      'nodes[0].retry.backoff.delay',
      'Unknown field',
    ],
    [
      'an unknown field of a trigger',
      workflow({ triggers: [{ type: 'webhook', path: '/x' }] }),
      'triggers[0].path',
      'Unknown field',
    ],
    ['an unknown type of trigger', workflow({ triggers: [{ type: 'email' }] }), 'triggers[0].type', 'schedule'],
    [
      'a node without a kind',
      workflow({ nodes: [{ id: 'a' }] }),
      'nodes[0]',
      'needs one of agent, workflow, transform',
    ],
    [
      'a node of two kinds',
      workflow({ nodes: [agentNode('a', { transform: '1' })] }),
      'nodes[0]',
      'it has agent and transform',
    ],
    [
      "a kind that is not the node's",
      workflow({ nodes: [agentNode('a', { kind: 'wait' })] }),
      'nodes[0]',
      '"kind" is "wait"',
    ],
    [
      'input of a node that takes none',
      workflow({ nodes: [{ id: 'a', transform: '1', input: {} }] }),
      'nodes[0]',
      'takes no "input"',
    ],
    ['a node id with a dot', workflow({ nodes: [agentNode('a.b')] }), 'nodes[0].id', 'starts with a letter'],
    ['a node id that is too long', workflow({ nodes: [agentNode('a'.repeat(65))] }), 'nodes[0].id', '64'],
    ...['input', 'context', 'run', 'item', 'nodes', 'attempt', 'true', 'in', 'while', 'constructor'].map(
      (id): [string, unknown, string, string] => [
        `the reserved id ${id}`,
        workflow({ nodes: [agentNode(id)] }),
        'nodes[0].id',
        'reserved word',
      ],
    ),
    ['a duplicate id', workflow({ nodes: [agentNode('a'), agentNode('a')] }), 'nodes[1].id', 'Duplicate node id "a"'],
    ['an edge to nowhere', workflow({ edges: [{ from: 'a', to: 'zz' }] }), 'edges[0]', 'Cannot resolve dependency zz'],
    [
      'dependsOn of nowhere',
      workflow({ nodes: [agentNode('a', { dependsOn: ['zz'] })] }),
      'nodes[0].dependsOn[0]',
      'Cannot resolve dependency zz',
    ],
    ['a self edge', workflow({ edges: [{ from: 'a', to: 'a' }] }), 'edges[0]', 'cannot depend on itself'],
    [
      'a cycle',
      {
        name: 'w',
        nodes: ['A', 'B', 'C'].map((id) => agentNode(id)),
        edges: [
          ['A', 'B'],
          ['B', 'C'],
          ['C', 'A'],
        ].map(([from, to]) => ({ from, to })),
      },
      'edges',
      'Circular dependency detected: A -> B -> C -> A',
    ],
    ['a time-out beyond 2^31 ms', workflow({ timeoutSeconds: 2_147_484 }), 'timeoutSeconds', 'at most 2147483 seconds'],
    [
      'a time-out of nothing',
      workflow({ nodes: [agentNode('a', { timeoutSeconds: 0 })] }),
      'nodes[0].timeoutSeconds',
      'more than 0',
    ],
    [
      'negative retries',
      workflow({ nodes: [agentNode('a', { retry: { attempts: -1 } })] }),
      'nodes[0].retry.attempts',
      '1 or more',
    ],
    [
      'too many retries',
      workflow({ nodes: [agentNode('a', { retry: { attempts: 101 } })] }),
      'nodes[0].retry.attempts',
      'at most 100',
    ],
    [
      'a delay beyond 2^31 ms',
      workflow({ nodes: [agentNode('a', { retry: { backoff: { delayMs: 2 ** 31 } } })] }),
      'nodes[0].retry.backoff.delayMs',
      '2147483647',
    ],
    [
      'jitter above 1',
      workflow({ nodes: [agentNode('a', { retry: { backoff: { jitter: 2 } } })] }),
      'nodes[0].retry.backoff.jitter',
      '<=1',
    ],
    ['an unknown rule', workflow({ nodes: [agentNode('a', { runIf: 'always' })] }), 'nodes[0].runIf', 'all_success'],
    [
      'a wait until no time',
      workflow({ nodes: [{ id: 'a', wait: { until: 'tomorrow' } }] }),
      'nodes[0].wait.until',
      'ISO',
    ],
    ['a wait for nothing', workflow({ nodes: [{ id: 'a', wait: {} }] }), 'nodes[0].wait', '"seconds"'],
    [
      'a subject with an empty token',
      workflow({ triggers: [{ type: 'nats', subject: 'a..b' }] }),
      'triggers[0].subject',
      'NATS subject',
    ],
    ['NUL in a string', workflow({ description: 'a\u0000b' }), 'description', 'cannot be stored'],
    [
      'half of a surrogate pair',
      workflow({ nodes: [agentNode('a', { input: { x: '\ud800' } })] }),
      'nodes[0].input.x',
      'cannot be stored',
    ],
    [
      'too many nodes',
      workflow({ nodes: Array.from({ length: 100_000 }, () => ({ id: 'a' })) }),
      'nodes',
      'At most 1000 nodes are allowed, this has 100000',
    ],
    [
      'too many edges',
      workflow({ edges: Array.from({ length: 10_001 }, () => ({ from: 'a', to: 'a' })) }),
      'edges',
      'At most 10000 edges',
    ],
    [
      'too many bytes',
      workflow({ description: 'x', nodes: [agentNode('a', { input: { x: 'y'.repeat(2 ** 20) } })] }),
      '',
      'At most 1048576 bytes',
    ],
    [
      'too many triggers',
      workflow({ triggers: Array.from({ length: 51 }, () => ({ type: 'webhook' })) }),
      'triggers',
      'At most 50',
    ],
  ];
  for (const [title, json, path, message] of cases) {
    it(title, () => assertProblem(problemsOf(json), path, message));
  }

  it('JSON nested a hundred thousand deep, without overflowing the stack', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level += 1) deep = { a: deep };
    const [problem] = problemsOf(workflow({ nodes: [agentNode('a', { input: deep })] }));
    assert.match(problem?.message ?? '', /deeper than 64 levels/);
  });

  it('all at once: shape, kinds and graph', () => {
    const problems = problemsOf({
      name: 'X',
      nodes: [{ id: 'a' }, agentNode('a', { foo: 1 })],
      edges: [{ from: 'a', to: 'b' }],
    });
    assert.deepEqual(problems.map(({ path }) => path).sort(), [
      'edges[0]',
      'name',
      'nodes[0]',
      'nodes[1].foo',
      'nodes[1].id',
    ]);
  });

  it('by other limits where they are set', () => {
    const limits = { ...LIMITS, nodes: 1 };
    const { problems } = refusal('INVALID_DEFINITION', () =>
      parseDefinition(workflow({ nodes: [agentNode('a'), agentNode('b')] }), limits),
    );
    assertProblem(problems, 'nodes', 'At most 1 nodes');
  });

  it('whatever JSON it is, never with another error', () => {
    const field = fc.constantFrom(
      'name',
      'nodes',
      'edges',
      'id',
      'agent',
      'input',
      'triggers',
      'type',
      'retry',
      'dependsOn',
      'from',
      'to',
      '__proto__',
      'x',
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, 0, -1, 'a', 'schedule', '{{ a }}'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(field, tie('json'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        refusal('INVALID_DEFINITION', () => parseDefinition(value));
      }),
      { numRuns: 500 },
    );
  });
});
