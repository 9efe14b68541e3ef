import { Agent } from 'node:http';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { ensureBuild } from '../scripts/ensure-build.mjs';
import { table, whole } from './markdown.ts';
import { keepReport } from './speed/keep-report.ts';
import { keepRuns } from './speed/kept-runs.ts';
import { caller, measure, openClient, quantiles, type Figures, type Quantiles } from './speed/measure.ts';
import { startService, type BenchService } from './speed/service.ts';
import { mesh, shape, SHAPES } from './speed/shapes.ts';

/**
 * `npm run bench:scaling [-- --quick]`: how throughput, latency and lists change with the number of workers, the size of a
 * graph and the runs that the database keeps. Writes bench/scaling.json and bench/SCALING.md; `--quick` proves that it runs.
 */
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, kept: { type: 'string', default: '10000,1000000' } },
});
const isQuick = options.quick;
const WORKERS = isQuick ? [1, 2] : [1, 2, 4];
const KEPT = isQuick ? [0, 200] : [0, ...options.kept.split(',').map(Number)];
/** Layers and width: the values of deeper ones would leave the integers. */
const GRAPHS = (
  [
    [1, 10],
    [5, 10],
    [10, 20],
    [20, 50],
  ] as const
).map(([layers, width]) => shape(`mesh-${layers * width}`, mesh(layers, width, 3), 20));
const LATENCY_RUNS = isQuick ? 3 : 50;
const LIST_REPEATS = isQuick ? 3 : 40;

interface KeptFigures {
  readonly kept: number;
  readonly single: Figures;
  readonly lists: Readonly<Record<string, Quantiles>>;
}

await ensureBuild();
const report = {
  at: new Date().toISOString(),
  cpus: cpus().length,
  workers: await byWorkers(),
  ...(await byGraphAndKeptRuns()),
};
await keepReport('scaling', report, { isQuick, page });

async function byWorkers(): Promise<{ workers: number; shapes: Figures[] }[]> {
  const all = [];
  for (const workers of WORKERS) {
    const service = await startService({ workers });
    try {
      const shapes: Figures[] = [];
      for (const one of SHAPES.filter(({ name }) => ['single', 'chain', 'mesh'].includes(name))) {
        shapes.push(await measureShape(service, one));
      }
      all.push({ workers, shapes });
      console.log(
        `${workers} worker(s): ${shapes.map((one) => `${one.shape} ${whole(one.stepsPerSecond)}/s`).join(', ')}`,
      );
    } finally {
      await service.stop();
    }
  }
  return all;
}

async function byGraphAndKeptRuns(): Promise<{ graphs: Figures[]; kept: KeptFigures[] }> {
  const service = await startService({ workers: 1 });
  try {
    const graphs: Figures[] = [];
    for (const graph of GRAPHS) {
      graphs.push(await measureShape(service, graph));
      console.log(`${graph.name}: p50 ${graphs.at(-1)?.latency.p50.toFixed(1) ?? ''} ms`);
    }
    const kept: KeptFigures[] = [];
    for (const count of KEPT) kept.push(await withKeptRuns(service, count));
    return { graphs, kept };
  } finally {
    await service.stop();
  }
}

function measureShape(service: BenchService, one: (typeof SHAPES)[number]): Promise<Figures> {
  return measure(service, one, { runs: isQuick ? 2 : one.runs, latencyRuns: LATENCY_RUNS });
}

async function withKeptRuns(service: BenchService, kept: number): Promise<KeptFigures> {
  const [single] = SHAPES;
  if (!single) throw new Error('There is no shape');
  const agent = new Agent({ keepAlive: true });
  try {
    const client = await openClient(service.url, agent, { ...single, name: `kept-${kept}` });
    const runId = await client.runOne();
    const filledAt = performance.now();
    if (kept > 0) await keepRuns(service.databaseUrl, runId, kept);
    console.log(`${whole(kept)} runs kept, after ${((performance.now() - filledAt) / 1000).toFixed(0)} s`);
    const figures = await measureShape(service, { ...single, name: `single-${kept}` });
    const lists: Record<string, Quantiles> = {};
    for (const [title, path] of listsOf(client.id, `bench-kept-${kept}`, runId)) {
      lists[title] = await timeOf(caller(service.url, agent), path);
      console.log(`  ${title}: p50 ${lists[title].p50.toFixed(1)} ms, p95 ${lists[title].p95.toFixed(1)} ms`);
    }
    return { kept, single: figures, lists };
  } finally {
    agent.destroy();
  }
}

/** What the console asks for, and the searches that find little. */
function listsOf(workflowId: string, name: string, runId: string): [title: string, path: string][] {
  return [
    ['runs, newest', '/api/runs?limit=50'],
    ['runs of a workflow', `/api/workflows/${workflowId}/runs?limit=50`],
    ['runs of a workflow by name', `/api/runs?limit=50&workflow=${name}`],
    ['runs that failed', '/api/runs?limit=50&status=FAILED'],
    ['runs of a workflow that failed', `/api/workflows/${workflowId}/runs?limit=50&status=FAILED`],
    ['runs of a small workflow that failed (none)', `/api/runs?limit=50&status=FAILED&workflow=bench-mesh-10`],
    ['runs under way', '/api/runs?limit=50&status=RUNNING,WAITING_APPROVAL'],
    ['runs cancelled (none)', '/api/runs?limit=50&status=CANCELLED'],
    ['runs with a label', '/api/runs?limit=50&label=host%3Dhost-20'],
    ['runs by text in the error', '/api/runs?limit=50&q=exit%20code'],
    ['runs by text that nothing has', '/api/runs?limit=50&q=no-such-text'],
    ['runs by id', `/api/runs?limit=50&q=${runId}`],
    ['a run with its nodes', `/api/workflows/${workflowId}/runs/${runId}`],
    ['overview', '/api/overview'],
    ['workflows', '/api/workflows?limit=50'],
    ['agents, statistics', '/api/agent-statistics'],
    ['approvals', '/api/approvals?limit=50'],
  ];
}

async function timeOf(call: ReturnType<typeof caller>, path: string): Promise<Quantiles> {
  const times: number[] = [];
  for (let repeat = 0; repeat < LIST_REPEATS; repeat++) {
    const at = performance.now();
    await call('GET', path);
    times.push(performance.now() - at);
  }
  return quantiles(times);
}

function page(): string {
  const titles = Object.keys(report.kept[0]?.lists ?? {});
  return `# Results of \`npm run bench:scaling\`

Written by the benchmark on ${report.at.slice(0, 10)}, ${report.cpus} cores for everything: API, workers, servers and the driver.

## Workers

${table(
  ['workers', ...(report.workers[0]?.shapes ?? []).map((one) => `${one.shape}, steps/s`)],
  report.workers.map(({ workers, shapes }) => [String(workers), ...shapes.map((one) => whole(one.stepsPerSecond))]),
)}

## Size of a graph

${table(
  ['nodes', 'p50 ms of one run', 'ms per node', 'steps/s'],
  report.graphs.map((one) => [
    whole(one.steps),
    one.latency.p50.toFixed(1),
    (one.latency.p50 / one.steps).toFixed(2),
    whole(one.stepsPerSecond),
  ]),
)}

## Runs kept

${table(
  ['', ...report.kept.map(({ kept }) => `${whole(kept)} runs`)],
  [
    ['single, steps/s', ...report.kept.map((one) => whole(one.single.stepsPerSecond))],
    ['single, p50 ms', ...report.kept.map((one) => one.single.latency.p50.toFixed(1))],
    ...titles.map((title) => [
      `${title}, p50 (p95) ms`,
      ...report.kept.map(
        ({ lists }) => `${(lists[title]?.p50 ?? 0).toFixed(1)} (${(lists[title]?.p95 ?? 0).toFixed(1)})`,
      ),
    ]),
  ],
)}
`;
}
