import assert from 'node:assert/strict';
import type { KnownWorkflow } from '../../flows/sub-workflows.ts';
import { checkDefinition, type World } from '../../flows/validate.ts';
import { cpuMs } from './cpu-time.ts';
import { assertProblem, refusal } from './refusals.ts';

const scannerInput = {
  type: 'object',
  required: ['repositoryPath'],
  properties: {
    repositoryPath: { type: 'string', minLength: 1 },
    scanType: { enum: ['all', 'secrets'] },
    depth: { type: 'integer', maximum: 9 },
    files: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    target: { anyOf: [{ type: 'string' }, { type: 'object', required: ['host'] }] },
  },
  additionalProperties: false,
};
const world: World = {
  agents: new Map([
    ['scanner', { inputSchema: scannerInput }],
    ['notifier', {}],
  ]),
  workflows: new Map<string, KnownWorkflow>([
    ['child', { subWorkflows: [], inputSchema: { type: 'object', required: ['host'] } }],
    ['calls-main', { subWorkflows: ['between'] }],
    ['between', { subWorkflows: ['main'] }],
    ...Array.from({ length: 12 }, (_, level) => [`deep-${level}`, { subWorkflows: [`deep-${level + 1}`] }] as const),
    ['deep-12', { subWorkflows: [] }],
  ]),
};
const path = '{{ input.path }}';
const node = (id: string, fields: object = { transform: '1' }) => ({ id, ...fields });
const check = (fields: object) => checkDefinition({ name: 'main', nodes: [node('a')], ...fields }, world);
const problemsOf = (fields: object) => refusal('INVALID_DEFINITION', () => check(fields)).problems;

describe('validation accepts', () => {
  const cases: [title: string, fields: object][] = [
    [
      'a reference along a path of edges',
      {
        nodes: [node('a'), node('b'), node('c', { transform: 'a.output + nodes.b.output' })],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'c' },
        ],
      },
    ],
    [
      'input whose templates may become right',
      {
        nodes: [
          node('s', {
            agent: 'scanner',
            input: { repositoryPath: path, scanType: path, depth: path, files: [path, path], target: path },
          }),
        ],
      },
    ],
    [
      'text with a template where text is asked',
      { nodes: [node('s', { agent: 'scanner', input: { repositoryPath: `/srv/${path}`, scanType: `a${path}` } })] },
    ],
    [
      'a template for the whole object of an anyOf',
      { nodes: [node('s', { agent: 'scanner', input: { repositoryPath: '/x', target: { host: path } } })] },
    ],
    ['an agent without a schema', { nodes: [node('n', { agent: 'notifier', input: { anything: 1 } })] }],
    [
      'item in what a forEach node does',
      {
        nodes: [
          node('n', {
            agent: 'notifier',
            forEach: 'input.hosts',
            input: { host: '{{ item }}' },
            locks: [{ key: '{{ item }}' }],
          }),
        ],
      },
    ],
    [
      'the approval of the node itself',
      { nodes: [node('n', { agent: 'notifier', approval: true, input: { ticket: '{{ n.approval.ticket }}' } })] },
    ],
    [
      'any node in the output',
      { nodes: [node('a'), node('b')], output: { a: '{{ a.output }}', b: ['{{ b.status }}'] } },
    ],
    ['a sub-workflow with input that fits', { nodes: [node('w', { workflow: 'child', input: { host: path } })] }],
    [
      'finally nodes after others and after each other',
      {
        nodes: [
          node('a'),
          node('f', { transform: 'a.status', finally: true }),
          node('g', { transform: '1', finally: true }),
        ],
        edges: [
          { from: 'a', to: 'f' },
          { from: 'f', to: 'g' },
        ],
      },
    ],
    ['eight levels of sub-workflows', { nodes: [node('w', { workflow: 'deep-5' })] }],
    [
      'triggers that map what they get',
      {
        triggers: [
          { type: 'webhook', mapping: { repo: '{{ input.repository.url }}' } },
          { type: 'schedule', cron: '@daily', timezone: 'Europe/Berlin', input: { full: true } },
        ],
      },
    ],
  ];
  for (const [title, fields] of cases) it(title, () => void check(fields));
});

describe('validation refuses', () => {
  const cases: [title: string, fields: object, path: string, message: RegExp | string][] = [
    [
      'an unknown agent',
      { nodes: [node('a', { agent: 'nobody' })] },
      'nodes[0].agent',
      'Unknown agent "nobody": registered are notifier, scanner',
    ],
    [
      'a template that names no node',
      { nodes: [node('a', { agent: 'notifier', input: { x: ['{{ nobody.output }}'] } })] },
      'nodes[0].input.x[0]',
      'Cannot resolve dependency nobody',
    ],
    [
      'a condition that names no node',
      { nodes: [node('a', { transform: '1', when: 'nobody.output > 1' })] },
      'nodes[0].when',
      'Cannot resolve dependency nobody',
    ],
    [
      'a reference without a path of edges',
      { nodes: [node('a'), node('b', { transform: 'a.output' })] },
      'nodes[1].transform',
      /Cannot resolve dependency a: no path of edges leads from "a" to "b"; add \{"from": "a", "to": "b"\}/,
    ],
    [
      'a reference against the edges',
      { nodes: [node('a', { transform: 'b.output' }), node('b')], edges: [{ from: 'a', to: 'b' }] },
      'nodes[0].transform',
      'no path of edges',
    ],
    [
      'a node that reads its own output',
      { nodes: [node('a', { transform: 'a.output' })] },
      'nodes[0].transform',
      'cannot read its own output',
    ],
    [
      'an expression that cannot be read',
      { nodes: [node('a', { transform: '1 +' })] },
      'nodes[0].transform',
      'column 4',
    ],
    ['an unknown function', { nodes: [node('a', { transform: 'frobnicate(1)' })] }, 'nodes[0].transform', 'frobnicate'],
    [
      'an open template',
      { nodes: [node('a', { agent: 'notifier', input: { m: 'x {{ input.a' } })] },
      'nodes[0].input.m',
      'has no "}}"',
    ],
    [
      'item outside of forEach',
      { nodes: [node('a', { transform: 'item' })] },
      'nodes[0].transform',
      '"item" is there only',
    ],
    [
      'item in the condition of forEach',
      { nodes: [node('a', { transform: '1', forEach: '[1]', when: 'item > 0' })] },
      'nodes[0].when',
      '"item" is there only',
    ],
    ['a node in a concurrency key', { concurrency: { key: '{{ a.output }}' } }, 'concurrency.key', 'no node has run'],
    [
      'a node in the mapping of a trigger',
      { triggers: [{ type: 'webhook', mapping: { x: '{{ a.output }}' } }] },
      'triggers[0].mapping.x',
      'no node has run',
    ],
    [
      'a bad template for a wait',
      { nodes: [node('a', { wait: { until: '{{ nobody.output }}' } })] },
      'nodes[0].wait.until',
      'Cannot resolve dependency',
    ],
    [
      'a bad template for a lock',
      { nodes: [node('a', { transform: '1', locks: [{ key: '{{ x }}' }] })] },
      'nodes[0].locks[0].key',
      'Cannot resolve dependency x',
    ],
    [
      'a bad template for an approver',
      { nodes: [node('a', { transform: '1', approval: { message: '{{ x }}' } })] },
      'nodes[0].approval.message',
      'Cannot resolve dependency x',
    ],
    [
      'input without what the agent requires',
      { nodes: [node('a', { agent: 'scanner' })] },
      'nodes[0].input.repositoryPath',
      'Required',
    ],
    [
      'input of the wrong type',
      { nodes: [node('a', { agent: 'scanner', input: { repositoryPath: 1 } })] },
      'nodes[0].input.repositoryPath',
      'Must be string',
    ],
    [
      'text where a number is asked, even with a template in it',
      { nodes: [node('a', { agent: 'scanner', input: { repositoryPath: 'x', depth: `level ${path}` } })] },
      'nodes[0].input.depth',
      'Must be integer',
    ],
    [
      'a value that the agent does not know',
      { nodes: [node('a', { agent: 'scanner', input: { repositoryPath: 'x', scanType: 'none' } })] },
      'nodes[0].input.scanType',
      '"all", "secrets"',
    ],
    [
      'an input field that the agent does not know',
      { nodes: [node('a', { agent: 'scanner', input: { repositoryPath: 'x', typo: path } })] },
      'nodes[0].input.typo',
      'Unknown field "typo"',
    ],
    [
      'a list with a wrong element beside templates',
      { nodes: [node('a', { agent: 'scanner', input: { repositoryPath: 'x', files: [path, 5] } })] },
      'nodes[0].input.files[1]',
      'Must be string',
    ],
    [
      'input that no branch of an anyOf takes',
      { nodes: [node('a', { agent: 'scanner', input: { repositoryPath: 'x', target: 5 } })] },
      'nodes[0].input.target',
      'anyOf',
    ],
    [
      'input that a sub-workflow refuses',
      { nodes: [node('a', { workflow: 'child' })] },
      'nodes[0].input.host',
      'Required',
    ],
    [
      'an unknown workflow',
      { nodes: [node('a', { workflow: 'nobody' })] },
      'nodes[0].workflow',
      'Unknown workflow "nobody"',
    ],
    [
      'a workflow that calls itself',
      { nodes: [node('a', { workflow: 'main' })] },
      'nodes[0].workflow',
      'Circular workflow reference detected: main -> main',
    ],
    [
      'a workflow that calls itself through others',
      { nodes: [node('a', { workflow: 'calls-main' })] },
      'nodes[0].workflow',
      'main -> calls-main -> between -> main',
    ],
    [
      'sub-workflows nested too deeply',
      { nodes: [node('a', { workflow: 'deep-0' })] },
      'nodes[0].workflow',
      'deeper than 8 levels',
    ],
    ['an unknown onFailure', { onFailure: 'nobody' }, 'onFailure', 'Unknown workflow'],
    ['a workflow that is its own onFailure', { onFailure: 'main' }, 'onFailure', 'its own'],
    [
      'a workflow that its own end starts',
      { triggers: [{ type: 'workflow', workflow: 'main' }] },
      'triggers[0].workflow',
      'never stop',
    ],
    [
      'an invalid cron',
      { triggers: [{ type: 'schedule', cron: '99 * * * *' }] },
      'triggers[0].cron',
      'Invalid cron "99 * * * *"',
    ],
    [
      'a cron with too few fields',
      { triggers: [{ type: 'schedule', cron: '* *' }] },
      'triggers[0].cron',
      'it has 2 fields',
    ],
    [
      'an unknown time zone',
      { triggers: [{ type: 'schedule', cron: '0 3 * * *', timezone: 'Mars/Olympus' }] },
      'triggers[0].timezone',
      'Unknown time zone "Mars/Olympus"',
    ],
    [
      'an invalid matcher',
      { triggers: [{ type: 'alertmanager', matchers: ['a="b"', 'severity'] }] },
      'triggers[0].matchers[1]',
      'column 9: expected one of',
    ],
    [
      'an invalid pattern in a matcher',
      { triggers: [{ type: 'grafana', matchers: ['a=~"("'] }] },
      'triggers[0].matchers[0]',
      'missing closing )',
    ],
    [
      'a group window without groups',
      { triggers: [{ type: 'alertmanager', groupWindowSeconds: 5 }] },
      'triggers[0].groupWindowSeconds',
      'needs "groupBy"',
    ],
    [
      'a scheme without a secret',
      { triggers: [{ type: 'webhook', scheme: 'bearer' }] },
      'triggers[0]',
      'need a "secret"',
    ],
    [
      'a maintenance window that ends before it begins',
      { maintenance: [{ from: '2030-01-02T00:00:00Z', until: '2030-01-01T00:00:00Z' }] },
      'maintenance[0].until',
      'after',
    ],
    [
      'an invalid cron of a maintenance window',
      { maintenance: [{ cron: 'x', durationSeconds: 5 }] },
      'maintenance[0].cron',
      'Invalid cron',
    ],
    ['an inputSchema that is none', { inputSchema: { type: 'thing' } }, 'inputSchema', 'Not a usable JSON Schema'],
    [
      'an inputSchema from elsewhere',
      { inputSchema: { properties: { a: { $ref: 'http://127.0.0.1/x' } } } },
      'inputSchema',
      'only references within the schema',
    ],
    [
      'an answer schema that is none',
      { nodes: [node('a', { transform: '1', approval: { schema: { type: 5 } } })] },
      'nodes[0].approval.schema',
      'Not a usable JSON Schema',
    ],
    [
      'maxParallel without forEach',
      { nodes: [node('a', { transform: '1', maxParallel: 2 })] },
      'nodes[0].maxParallel',
      'needs "forEach"',
    ],
    [
      'a node that depends on a finally node',
      { nodes: [node('f', { transform: '1', finally: true }), node('a')], edges: [{ from: 'f', to: 'a' }] },
      'edges',
      'runs after all others',
    ],
  ];
  for (const [title, fields, at, message] of cases) it(title, () => assertProblem(problemsOf(fields), at, message));
});

describe('validation tells', () => {
  it('every problem at once', () => {
    const problems = problemsOf({
      nodes: [
        node('a', { agent: 'nobody' }),
        node('b', { agent: 'scanner', input: { repositoryPath: '{{ c.output }} {{ x }}', typo: '{{ y }}' } }),
      ],
      triggers: [{ type: 'schedule', cron: 'x' }],
      inputSchema: { type: 5 },
    });
    assert.deepEqual(problems.map(({ path: at }) => at).sort(), [
      'inputSchema',
      'nodes[0].agent',
      'nodes[1].input.repositoryPath',
      'nodes[1].input.typo',
      'nodes[1].input.typo',
      'triggers[0].cron',
    ]);
  });

  it('problems of shape and of meaning together', () => {
    const problems = problemsOf({
      foo: 1,
      nodes: [
        node('a', { agent: 'nobody', bar: 2 }),
        node('b', { wait: {} }),
        node('c', { transform: 'b.output + x', dependsOn: ['b'] }),
      ],
    });
    assertProblem(problems, 'foo', 'Unknown field');
    assertProblem(problems, 'nodes[0].bar', 'Unknown field');
    assertProblem(problems, 'nodes[0].agent', 'Unknown agent');
    assertProblem(problems, 'nodes[1].wait', 'Write {"seconds": 60}');
    assertProblem(problems, 'nodes[2].transform', 'Cannot resolve dependency x');
  });

  it('the first three in the message, and how many more there are', () => {
    const { message } = refusal('INVALID_DEFINITION', () =>
      check({ nodes: ['a', 'b', 'c', 'd', 'e'].map((id) => node(id, { agent: 'nobody' })) }),
    );
    assert.match(message, /^Invalid workflow definition: nodes\[0\]\.agent: Unknown agent.*\(and 2 more\)$/);
  });

  it('nothing about 1,000 nodes and 10,000 edges in less than two seconds', () => {
    const nodes = Array.from({ length: 1_000 }, (_, index) =>
      node(`n-${index}`, { transform: index < 10 ? '1' : `n-${index - 10}.output + n-${index - 1}.output` }),
    );
    const edges = nodes.flatMap((_, index) =>
      Array.from({ length: 10 }, (__, back) => index - back - 1)
        .filter((from) => from >= 0)
        .map((from) => ({ from: `n-${from}`, to: `n-${index}` })),
    );
    const spent = cpuMs(() => void check({ nodes, edges }));
    assert.ok(spent < 2_000, `${spent} ms`);
  });
});
