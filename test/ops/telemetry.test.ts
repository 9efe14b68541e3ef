import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start, type Running } from '../../main.ts';
import { createLogger } from '../../platform/log.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';
import { startOtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';

const AGENTS = fileURLToPath(new URL('fixtures/agents', import.meta.url));
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const WORKFLOW = {
  name: 'traced',
  nodes: [
    { id: 'first', agent: 'trace-echo', input: {} },
    { id: 'second', agent: 'trace-echo', input: {} },
  ],
  edges: [{ from: 'first', to: 'second' }],
};

describe('traces', function () {
  this.timeout(300_000);
  let folder: string;
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cc-traces-'));
    database = await createEmptyDatabase();
    receiver = await startOtlpReceiver();
  });

  after(async () => {
    await receiver.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('lead from the caller through request, jobs, nodes and statements into the agents', async () => {
    const service = await startService({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    let outputs: string[];
    try {
      outputs = await runTraced(service);
    } finally {
      await service.stop();
    }
    const spans = await waitFor(() => own(receiver.spans, 'node second'), { describe: 'the spans' });
    const named = (name: RegExp) => spans.filter((span) => name.test(span.name));
    const [request] = named(/^POST \/api\/workflows\/:id\/trigger$/);
    assert.ok(request);
    assert.ok(
      named(/engine_create_runs/).some((span) => isBelow(span, request, spans)),
      'the statement of the request',
    );
    for (const id of ['first', 'second']) {
      const [node] = named(new RegExp(`^node ${id}$`));
      assert.ok(node, `the node ${id}`);
      assert.ok(isBelow(node, request, spans), `the node ${id} belongs to the request`);
      assert.ok(
        named(/engine_settle/).some((span) => isBelow(span, node, spans)),
        `the statement that settles ${id}`,
      );
      assert.ok(
        outputs.includes(`00-${TRACE}-${node.spanId}-01`),
        `the agent of ${id} knows its span: ${outputs.join()}`,
      );
    }
    assert.ok(named(/process/).length >= 2, `a span for each job: ${spans.map(({ name }) => name).join(', ')}`);
  });

  it('still give agents the context of their run when nothing is traced', async () => {
    const service = await startService({});
    try {
      for (const traceparent of await runTraced(service)) assert.match(traceparent, /^00-[\da-f]{32}-[\da-f]{16}-00$/);
    } finally {
      await service.stop();
    }
  });

  function startService(more: NodeJS.ProcessEnv): Promise<Running> {
    const env = { PATH: process.env.PATH, DATABASE_URL: database.url, PORT: '0', DATA_DIR: folder, AGENTS_DIR: AGENTS };
    return start({ roles: ['api', 'worker'], env: { ...env, ...more }, log: createLogger({ level: 'silent' }) });
  }
});

/** Runs the workflow as a part of the caller's trace; gives what the agents printed. */
async function runTraced({ address }: Running): Promise<string[]> {
  const url = `http://127.0.0.1:${address!.port}/api/workflows`;
  const headers = { 'Content-Type': 'application/json', traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(WORKFLOW) });
  const triggered = await fetch(`${url}/traced/trigger`, { method: 'POST', headers });
  const { workflowRunId } = (await triggered.json()) as { workflowRunId: string };
  const run = await fetch(`${url}/traced/runs/${workflowRunId}?wait=30`);
  const { status, agentRuns } = (await run.json()) as {
    status: string;
    agentRuns: { output: { traceparent: string } }[];
  };
  assert.equal(status, 'SUCCESS');
  return agentRuns.map(({ output }) => output.traceparent);
}

function own(spans: readonly ReceivedSpan[], needed: string): ReceivedSpan[] | undefined {
  const ours = spans.filter(({ traceId }) => traceId === TRACE);
  return ours.some(({ name }) => name === needed) ? ours : undefined;
}

function isBelow(span: ReceivedSpan, above: ReceivedSpan, spans: readonly ReceivedSpan[]): boolean {
  if (span.spanId === above.spanId) return true;
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent !== undefined && isBelow(parent, above, spans);
}
