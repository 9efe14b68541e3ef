import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClient, type Client } from '../../cli/client.ts';
import type { AcceptedRun, AgentRunWire, RunWire } from '../../cli/wire.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { ROOT, startService, type TestService } from '../cli/support/service.ts';
import { waitFor } from '../support/wait-for.ts';

/** What an example is run with, what is done meanwhile, and how it must end. */
interface Case {
  readonly name: string;
  readonly input?: () => Record<string, unknown>;
  readonly act?: (run: RunWire) => Promise<unknown>;
  readonly status?: RunWire['status'];
  readonly output?: unknown;
  readonly check?: (run: RunWire) => void;
}

describe('the examples', function () {
  this.timeout(300_000);
  let service: TestService;
  let client: Client;
  let flaky: Server;

  before(async () => {
    service = await startService({ agentsDir: 'agents' });
    client = createClient({ url: service.url, token: undefined });
    flaky = await startFlakyServer(2);
    const applied = await runCli(['workflow', 'apply', 'examples'], { url: service.url });
    assert.equal(applied.exitCode, 0, applied.stderr);
  });
  after(async () => {
    flaky.close();
    flaky.closeAllConnections();
    await service.stop();
  });

  const CASES: Readonly<Record<string, Case>> = {
    'full-analysis.json': {
      name: 'full-analysis',
      input: () => ({ repositoryPath: join(ROOT, 'cli') }),
      check({ output, agentRuns }) {
        const { notified, security } = output as { notified: boolean; security: { total: number } };
        assert.equal(notified, true);
        assert.equal(typeof security.total, 'number');
        const scan = Date.parse(nodeOf(agentRuns, 'scan').finishedAt ?? '');
        for (const id of ['review', 'compliance']) assert.ok(Date.parse(nodeOf(agentRuns, id).startedAt ?? '') >= scan);
      },
    },
    'retries.json': {
      name: 'example-retries',
      input: () => ({ url: `http://127.0.0.1:${(flaky.address() as AddressInfo).port}/` }),
      output: { healthy: true },
      check: ({ agentRuns }) => assert.equal(nodeOf(agentRuns, 'check').attempt, 3),
    },
    'conditions.json': {
      name: 'example-conditions',
      input: () => ({ severity: 'low' }),
      output: { summary: { paged: false, repair: 'repaired, because risky is FAILED' } },
      check: ({ agentRuns }) => assert.equal(nodeOf(agentRuns, 'page').status, 'SKIPPED'),
    },
    'approval.json': {
      name: 'example-approval',
      input: () => ({ service: 'web' }),
      async act({ id }) {
        const path = '/api/approvals';
        const [approval] = await waitFor(
          async () => {
            const found = await client.get<{ id: string }[]>(path, { workflowRunId: id });
            return found.length > 0 && found;
          },
          { describe: 'the approval' },
        );
        await client.post(`${path}/${approval?.id ?? ''}/decision`, {
          body: { decision: 'APPROVED', answer: { replicas: 5 } },
        });
      },
      output: { result: 'scaled web to 5' },
    },
    'announce-approval.json': {
      name: 'example-announce-approval',
      input: () => ({
        approval: { workflow: 'another', message: 'Restart?', link: 'https://ops.example.com/approvals#1' },
      }),
    },
    'announced-approval.json': {
      name: 'example-announced-approval',
      async act({ id }) {
        const announcement = await waitFor(
          async () => {
            const runs = await client.list<RunWire>('/api/workflows/example-announce-approval/runs', {
              trigger: 'workflow',
            });
            return runs.find(({ input }) => (input as { approval: { runId: string } }).approval.runId === id);
          },
          { timeoutMs: 30_000, describe: 'the announcement' },
        );
        const { approval } = announcement.input as { approval: { id: string } };
        await client.post(`/api/approvals/${approval.id}/decision`, { body: { decision: 'APPROVED' } });
      },
      output: { restart: 'restarted' },
    },
    'map.json': {
      name: 'example-map',
      input: () => ({ hosts: ['alpha', 'b', '', 'gamma'] }),
      output: { report: { told: true, sizes: [5, 1, 5] } },
    },
    'sub-workflow-child.json': {
      name: 'example-child',
      input: () => ({ number: 12 }),
      output: { square: 144 },
    },
    'sub-workflow.json': { name: 'example-parent', output: { sum: 58 } },
    'wait-and-signal.json': {
      name: 'example-wait-and-signal',
      act: ({ workflowId, id }) =>
        client.post(`/api/workflows/${workflowId}/runs/${id}/signals/go`, { body: { from: 'the test' } }),
      output: { from: 'the test' },
    },
    'finally.json': {
      name: 'example-finally',
      input: () => ({ numerator: 1, denominator: 0 }),
      status: 'FAILED',
      check({ error, agentRuns }) {
        assert.equal(error?.nodeId, 'work');
        assert.equal(nodeOf(agentRuns, 'release').status, 'SUCCESS');
      },
    },
    'output-templates.json': {
      name: 'example-output-templates',
      output: { count: 3, percent: 75, hosts: ['a', 'b', 'c'], text: '3 of 3', notified: true },
      check({ agentRuns }) {
        const { message, metadata } = nodeOf(agentRuns, 'tell').input as { message: string; metadata: object };
        assert.equal(message, '3 hosts: ["a","b","c"], owned by Ada');
        assert.deepEqual(metadata, { ratio: 0.75, literal: '{{ not a template }}' });
      },
    },
    'concurrency.json': {
      name: 'example-concurrency',
      input: () => ({ host: 'db-1' }),
      output: { result: 'patched db-1' },
    },
    'timeouts.json': { name: 'example-timeouts', output: { waited: 'FAILED' } },
    'cache.json': { name: 'example-cache', input: () => ({ text: 'first' }) },
    'on-failure.json': { name: 'example-on-failure', status: 'FAILED' },
    'on-failure-handler.json': {
      name: 'example-failure-handler',
      input: () => ({ run: { workflow: 'another', error: { message: 'it broke' } } }),
      output: { told: true },
    },
    'triggers.json': { name: 'example-triggers', output: { startedBy: 'a person' } },
  };

  async function start({ name, input }: Case): Promise<RunWire> {
    const body = { input: input?.() ?? {} };
    const { workflowRunId } = await client.post<AcceptedRun>(`/api/workflows/${name}/trigger`, { body });
    return client.get<RunWire>(`/api/workflows/${name}/runs/${workflowRunId}`);
  }

  async function endOf({ workflowId, id }: RunWire): Promise<RunWire> {
    return client.get<RunWire>(`/api/workflows/${workflowId}/runs/${id}`, { wait: 60 });
  }

  it('are all tried here', async () => {
    const files = (await readdir(join(ROOT, 'examples'))).filter((name) => name.endsWith('.json'));
    assert.deepEqual(Object.keys(CASES).sort(), files.sort());
  });

  for (const [file, example] of Object.entries(CASES)) {
    it(`${file} ends ${example.status ?? 'SUCCESS'}`, async () => {
      const started = await start(example);
      await example.act?.(started);
      const run = await endOf(started);
      assert.equal(run.status, example.status ?? 'SUCCESS', JSON.stringify(run.error));
      if (example.output !== undefined) assert.deepEqual(run.output, example.output);
      example.check?.(run);
    });
  }

  it('cache.json takes the result of the same input over, and says from which run', async () => {
    const example = { name: 'example-cache', input: () => ({ text: 'the same' }) };
    const first = await endOf(await start(example));
    const second = await endOf(await start(example));
    assert.equal(nodeOf(second.agentRuns, 'tell').copiedFromRunId, first.id);
    assert.deepEqual(second.output, first.output);
  });

  it('on-failure.json starts its handler with the run that failed', async () => {
    const failed = await endOf(await start({ name: 'example-on-failure' }));
    const handled = await waitFor(
      async () => {
        const runs = await client.list<RunWire>('/api/workflows/example-failure-handler/runs', { trigger: 'workflow' });
        return runs.find(({ input }) => (input as { run?: { id: string } }).run?.id === failed.id);
      },
      { timeoutMs: 30_000, describe: 'the handler to be started' },
    );
    assert.equal((await endOf(handled)).status, 'SUCCESS');
  });

  it('concurrency.json lets runs of the same host wait for each other, and no others', async () => {
    const { name } = CASES['concurrency.json']!;
    const hosts = ['a', 'a', 'b'];
    const started = await Promise.all(hosts.map((host) => start({ name, input: () => ({ host }) })));
    const [first, second, other] = await Promise.all(started.map(endOf));
    const spans = [first, second].map((run) => [Date.parse(run?.startedAt ?? ''), Date.parse(run?.finishedAt ?? '')]);
    const [[, earlierEnd] = [], [laterStart] = []] = spans.sort(([a = 0], [b = 0]) => a - b);
    assert.ok((laterStart ?? 0) >= (earlierEnd ?? Infinity), JSON.stringify(spans));
    assert.ok(Date.parse(other?.startedAt ?? '') < (earlierEnd ?? 0), 'another host does not wait');
  });
});

function nodeOf(nodes: readonly AgentRunWire[], id: string): AgentRunWire {
  const node = nodes.find(({ nodeId, itemIndex }) => nodeId === id && itemIndex === null);
  assert.ok(node, `the run has no node ${id}`);
  return node;
}

/** Answers 503 so many times, then 200. */
async function startFlakyServer(failures: number): Promise<Server> {
  let left = failures;
  const server = createServer((_, response) => {
    response.writeHead(left-- > 0 ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
