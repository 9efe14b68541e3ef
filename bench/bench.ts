import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { ensureBuild } from '../scripts/ensure-build.mjs';
import { measure, type Figures } from './measure.ts';
import { startService } from './service.ts';
import { SHAPES } from './shapes.ts';

/**
 * `npm run bench`: throughput and latency of the built service over HTTP, with all its promises switched on, on private
 * servers. `--quick` proves that it runs; `--shapes=chain,fan` chooses; the figures also go to bench/results.json.
 * Times of a noisy machine mean little by themselves: compare within one run.
 */
const PORT = 9390;
const isQuick = process.argv.includes('--quick');
const chosen = process.argv
  .find((argument) => argument.startsWith('--shapes='))
  ?.slice('--shapes='.length)
  .split(',');

await ensureBuild();
const service = await startService(PORT);
try {
  const figures: Figures[] = [];
  for (const shape of SHAPES.filter(({ name }) => chosen?.includes(name) ?? true)) {
    const runs = isQuick ? Math.max(2, Math.ceil(shape.runs / 30)) : shape.runs;
    figures.push(await measure(service.url, shape, { runs, latencyRuns: isQuick ? 3 : 50 }));
    print(figures.at(-1));
  }
  await writeFile(
    new URL('results.json', import.meta.url),
    `${JSON.stringify({ at: new Date().toISOString(), cpus: cpus().length, node: process.version, isQuick, figures }, null, 2)}\n`,
  );
} finally {
  await service.stop();
}

function print(figures: Figures | undefined): void {
  if (!figures) return;
  const { shape, stepsPerSecond, runsPerSecond, p50, p95, triggerP50 } = figures;
  const rate = `${stepsPerSecond.toFixed(0)} steps/s, ${runsPerSecond.toFixed(1)} runs/s`;
  const latency = `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, trigger ${triggerP50.toFixed(1)} ms`;
  console.log(`${shape.padEnd(10)} ${rate.padEnd(34)} ${latency}`);
}
