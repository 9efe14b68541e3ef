import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createMetrics, type Metrics, type Role } from '../../platform/metrics.ts';
import { prefersOpenMetrics } from '../../platform/metrics/exposition.ts';
import { createLabelBound } from '../../platform/label-bound.ts';

const DEFAULTS = /^(process_|nodejs_)/;

/** The names and types of a first scrape, the default metrics aside. */
async function scrape(...roles: Role[]): Promise<Map<string, string>> {
  const text = (await createMetrics({ roles }).scrape()).text;
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type] as const);
  return new Map(types.filter(([name]) => !DEFAULTS.test(name)));
}

/** prom-client keeps a metric's name and label names on the object, untyped. */
function labelsOf(metrics: Metrics): Map<string, string[]> {
  const members = Object.values(metrics) as { name?: string; labelNames?: string[] }[];
  return new Map(members.flatMap(({ name, labelNames }) => (name && labelNames ? [[name, labelNames]] : [])));
}

describe('metrics', () => {
  it('are all there from the first scrape of a process with both roles', async () => {
    const both = await scrape('api', 'worker');
    assert.equal(both.size, 18);
    const separate = new Map([...(await scrape('api')), ...(await scrape('worker'))]);
    assert.deepEqual([...separate.keys()].sort(), [...both.keys()].sort());
  });

  it('are of the role that fills them', async () => {
    assert.equal((await scrape('api')).has('agent_runs_total'), false);
    assert.equal((await scrape('worker')).has('workflow_runs_total'), false);
  });

  it('are listed in docs/METRICS.md with their types and labels, and no other is', async () => {
    const page = await readFile(new URL('../../docs/METRICS.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) ?\| (.*) \|$/gm)];
    const documented = new Map(rows.map(([, name = '', type = '']) => [name, type]));
    assert.deepEqual([...documented].sort(), [...(await scrape('api', 'worker'))].sort());

    const metrics = createMetrics({ roles: ['api', 'worker'] });
    const text = (await metrics.scrape()).text;
    const labels = labelsOf(metrics);
    for (const [, name = '', , labelCell = '', help = ''] of rows) {
      assert.ok(text.includes(`# HELP ${name} ${help}\n`), `${name}: ${help}`);
      assert.deepEqual(
        [...labelCell.matchAll(/`(\w+)`/g)].map(([, label]) => label),
        labels.get(name),
        name,
      );
    }
  });

  it('have a success rate of all workflows that answers the query without a label', async () => {
    const metrics = createMetrics({ roles: ['api'] });
    metrics.workflowSuccessRate.set(1);
    metrics.workflowSuccessRate.set({ workflow: 'nightly' }, 0.5);
    assert.match(
      (await metrics.scrape()).text,
      /^workflow_success_rate 1\nworkflow_success_rate\{workflow="nightly"\} 0\.5$/m,
    );
  });

  it('ask for values just before they are shown, and survive those that fail', async () => {
    const metrics = createMetrics({ roles: ['api'] });
    metrics.onScrape(() => Promise.reject(new Error('no database')));
    metrics.onScrape(() => {
      metrics.outboxPending.set(3);
    });
    assert.match((await metrics.scrape()).text, /^outbox_pending 3$/m);
  });

  it('are shown within two seconds when a value does not come', async () => {
    const metrics = createMetrics({ roles: ['api'] });
    metrics.onScrape(() => new Promise(() => undefined));
    const start = performance.now();
    await metrics.scrape();
    assert.ok(performance.now() - start < 2_000);
  });

  it('keep the text format for everybody who does not ask for another', async () => {
    const metrics = createMetrics({ roles: ['api', 'worker'], traceId: () => 'a'.repeat(32) });
    metrics.agentQueueWaitSeconds.record({}, 0.2);
    metrics.agentRunsTotal.inc({ agent: 'scanner', status: 'SUCCESS' });
    const first = await metrics.scrape();
    assert.equal(first.contentType, 'text/plain; version=0.0.4; charset=utf-8');
    assert.doesNotMatch(first.text, /trace_id|# EOF/);
    await metrics.scrape('application/openmetrics-text');
    const runs = /^agent_runs_total\{agent="scanner",status="SUCCESS"\} 1$/m;
    assert.match((await metrics.scrape('text/plain')).text, runs);
  });

  it('give those who ask for OpenMetrics the trace behind each bucket', async () => {
    const traces = ['a'.repeat(32), undefined];
    const metrics = createMetrics({ roles: ['worker'], traceId: () => traces.shift() });
    metrics.agentDurationSeconds.record({ agent: 'scanner', status: 'SUCCESS' }, 0.2);
    metrics.agentDurationSeconds.record({ agent: 'scanner', status: 'FAILED' }, 0.2);
    metrics.agentRunsTotal.inc({ agent: 'scanner', status: 'FAILED' });
    const { contentType, text } = await metrics.scrape('application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
    assert.equal(contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.match(text, /_bucket\{le="0.25",agent="scanner",status="SUCCESS"\} 1 # \{trace_id="a{32}"\} 0.2 [\d.]+\n/);
    assert.match(text, /_bucket\{le="0.25",agent="scanner",status="FAILED"\} 1\n/);
    assert.match(text, /^# TYPE agent_runs counter\nagent_runs_total\{/m);
    assert.match(text, /\n# EOF\n$/);
  });

  for (const { accept, open } of [
    { accept: '', open: false },
    { accept: '*/*', open: false },
    { accept: 'text/plain;version=0.0.4', open: false },
    { accept: 'application/openmetrics-text', open: true },
    { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', open: true },
    { accept: 'application/openmetrics-text; version=1.0.0; escaping=allow-utf-8;q=0.6,text/plain;q=0.3', open: true },
    { accept: 'application/openmetrics-text;version=1.0.0;q=0.2, text/*;q=0.5', open: false },
    { accept: 'application/openmetrics-text;version=2.0.0', open: false },
    { accept: 'application/openmetrics-text;q=none', open: false },
  ]) {
    it(`are ${open ? 'OpenMetrics' : 'text'} for "${accept}"`, () => {
      assert.equal(prefersOpenMetrics(accept), open);
    });
  }

  it('can be set in a process of another role without harm', async () => {
    const metrics = createMetrics({ roles: ['api'] });
    metrics.agentRunsTotal.inc({ agent: 'scanner', status: 'SUCCESS' });
    assert.doesNotMatch((await metrics.scrape()).text, /agent_runs_total/);
  });
});

describe('a label with a bound', () => {
  it('keeps the first values and calls every further one other', () => {
    const label = createLabelBound(2);
    assert.deepEqual(['a', 'b', 'c', 'a', 'd'].map(label), ['a', 'b', 'other', 'a', 'other']);
  });
});
