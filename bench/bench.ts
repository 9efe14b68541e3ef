import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuild } from '../scripts/ensure-build.mjs';
import { bareFlows } from './speed/floors/bullmq.ts';
import { bareSteps } from './speed/floors/postgres.ts';
import { keepReport } from './speed/keep-report.ts';
import { measure } from './speed/measure.ts';
import { comparePeers } from './speed/peers.ts';
import { asLine, asMarkdown, type Report } from './speed/report.ts';
import { PARTS, startService, type BenchService } from './speed/service.ts';
import { SHAPES } from './speed/shapes.ts';
import { readUsage } from './speed/usage.ts';

/**
 * `npm run bench [-- --quick] [--shapes=chain,fan] [--workers=2] [--harness=FOLDER --peers=a,b --repetitions=3]`: throughput,
 * latency and cost of the built service over HTTP, with all its promises switched on, on private servers, and the floors
 * under it in the same run; with a harness of other engines those as well, by turns. The figures go to bench/results.json
 * and bench/RESULTS.md; `--quick` proves that it runs and writes bench/quick-results.json alone. Times of a noisy machine mean
 * little by themselves: compare within one run.
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    shapes: { type: 'string' },
    workers: { type: 'string', default: '1' },
    harness: { type: 'string' },
    peers: { type: 'string', default: 'bullmq,restate,graphile,pgboss,openworkflow,dbos,dbos-http' },
    repetitions: { type: 'string', default: '3' },
  },
});
const isQuick = options.quick;
const chosen = options.shapes?.split(',');
const workers = Number(options.workers);
/** What a process does in its first half minute belongs to its start: it compiles, and collects the garbage of it. */
const SETTLE_MS = isQuick ? 0 : 40_000;
const IDLE_MS = isQuick ? 1000 : 30_000;

await ensureBuild();
const service = await startService({ workers });
try {
  const report: Report = {
    at: new Date().toISOString(),
    cpus: cpus().length,
    node: process.version,
    workers,
    isQuick,
    startMs: service.startMs,
    idleCores: await idleCores(service),
    shapes: [],
    postgresFloors: [],
  };
  for (const shape of SHAPES.filter(({ name }) => chosen?.includes(name) ?? true)) {
    const runs = isQuick ? Math.max(2, Math.ceil(shape.runs / 30)) : shape.runs;
    const figures = await measure(service, shape, { runs, latencyRuns: isQuick ? 3 : 50 });
    const floor = await bareFlows(service.redisUrl, shape, runs);
    report.shapes.push({ ...figures, ...(floor !== undefined && { bareFlowsStepsPerSecond: floor }) });
    console.log(asLine(figures, floor));
  }
  for (const batch of [1, 10, 50]) {
    const stepsPerSecond = await bareSteps(service.databaseUrl, isQuick ? 500 : 20_000, batch);
    report.postgresFloors.push({ batch, stepsPerSecond });
  }
  if (options.harness !== undefined) {
    const { peers, repetitions } = options;
    report.comparison = await comparePeers(options.harness, service, { peers, repetitions: Number(repetitions) });
  }
  await keepReport('results', report, { isQuick, page: () => asMarkdown(report) });
} finally {
  await service.stop();
}

/** How many cores each part uses while nobody asks anything of it. */
async function idleCores({ pids }: BenchService): Promise<Report['idleCores']> {
  const read = () => Promise.all(PARTS.map((part) => readUsage(pids.get(part) ?? [])));
  await delay(SETTLE_MS);
  const before = await read();
  await delay(IDLE_MS);
  const after = await read();
  return Object.fromEntries(
    PARTS.flatMap((part, index) => {
      const [from, to] = [before[index], after[index]];
      return from && to ? [[part, ((to.cpuSeconds - from.cpuSeconds) * 1000) / IDLE_MS]] : [];
    }),
  );
}
