import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Json } from '../contracts/json.ts';
import { createLogger } from '../platform/log.ts';
import { ensureBuild } from '../scripts/ensure-build.mjs';
import { describeAgents } from '../workers/agents/describe.ts';
import type { AgentReference } from '../workers/executors/executor.ts';
import { ProcessExecutor } from '../workers/executors/process.ts';
import { table, whole } from './markdown.ts';
import { keepReport } from './speed/keep-report.ts';
import { caller, quantiles, type Quantiles } from './speed/measure.ts';
import { startService } from './speed/service.ts';

/**
 * `npm run bench:agents [-- --quick]`: what starting an agent as a process costs beside a bare `node`, a thousand agents
 * through the whole service, and a large output. Writes bench/agents.json and bench/AGENTS.md; `--quick` proves that it runs.
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const isQuick = options.quick;
const REPEATS = isQuick ? 3 : 30;
const RUNS = isQuick ? 20 : 1000;
const OUTPUT_BYTES = 10_000_000;
const MEMORY_MB = 256;
const FOLDER = fileURLToPath(new URL('speed/agents', import.meta.url));

await ensureBuild();
const home = await mkdtemp(join(tmpdir(), 'cc-bench-agents-'));
try {
  const report = {
    at: new Date().toISOString(),
    cpus: cpus().length,
    starts: await measureStarts(),
    ...(await measureRuns()),
  };
  await keepReport('agents', report, { isQuick, page: () => page(report) });
} finally {
  await rm(home, { recursive: true, force: true });
}

/** Milliseconds from the order to the result; node: from spawn to exit of `node -e 0`. */
type Starts = Record<'node' | 'cold' | 'warm' | 'output', Quantiles>;

async function measureStarts(): Promise<Starts> {
  const { registered, rejected } = await describeAgents(FOLDER, home);
  const [agent] = registered;
  if (!agent) throw new Error(`The agent of the benchmark is refused: ${JSON.stringify(rejected)}`);
  const cold = await startExecutor({ warm: false });
  const warm = await startExecutor({ warm: true });
  try {
    const starts: Starts = {
      // by turns, so that a busy moment hurts all of them
      ...(await byTurns({
        node: bareNode,
        cold: () => runAgent(cold, agent, { number: 1 }),
        warm: async () => {
          await warm.warmUp([agent], MEMORY_MB);
          return runAgent(warm, agent, { number: 1 });
        },
      })),
      output: (await byTurns({ output: () => runAgent(cold, agent, { number: 1, bytes: OUTPUT_BYTES }) })).output,
    };
    for (const [name, { p50, p95 }] of Object.entries(starts)) {
      console.log(`${name.padEnd(8)} p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
    }
    return starts;
  } finally {
    await Promise.all([cold.stop(5000), warm.stop(5000)]);
  }
}

async function byTurns<Name extends string>(
  works: Record<Name, () => Promise<number>>,
): Promise<Record<Name, Quantiles>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const name of names) times[name].push(await works[name]());
  }
  return Object.fromEntries(names.map((name) => [name, quantiles(times[name])])) as Record<Name, Quantiles>;
}

async function bareNode(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAt;
}

async function startExecutor({ warm }: { warm: boolean }): Promise<ProcessExecutor> {
  const log = createLogger({ level: 'silent' });
  const executor = new ProcessExecutor({
    workerId: 'bench',
    log,
    env: process.env,
    cacheDir: home,
    tempDir: home,
    warm,
  });
  await executor.start();
  return executor;
}

/** @returns milliseconds @throws Error where the agent gives anything else than it was asked for */
async function runAgent(executor: ProcessExecutor, agent: AgentReference, input: { number: number; bytes?: number }) {
  const startedAt = performance.now();
  const result = await executor.execute({
    agent,
    input: input satisfies Json,
    runId: 'bench',
    nodeId: 'node',
    attempt: 1,
    idempotencyKey: crypto.randomUUID(),
    timeoutMs: 60_000,
    memoryMb: MEMORY_MB,
    maxOutputBytes: 2 * OUTPUT_BYTES,
    secrets: {},
    signal: new AbortController().signal,
    onLog: () => undefined,
    onProgress: () => undefined,
  });
  const time = performance.now() - startedAt;
  if (!result.ok) throw new Error(`The agent of the benchmark failed: ${JSON.stringify(result)}`);
  const { number, text } = result.output as { number: number; text: string };
  if (number !== input.number || text.length !== (input.bytes ?? 0)) throw new Error('The agent gave something else');
  return time;
}

/** A thousand agents through the service, 50 at once. */
async function measureRuns(): Promise<{ runs: number; seconds: number; runsPerSecond: number }> {
  const service = await startService({ workers: 1, env: { AGENTS_DIR: FOLDER } });
  const agent = new Agent({ keepAlive: true });
  try {
    const call = caller(service.url, agent);
    const { id } = await call<{ id: string }>('POST', '/api/workflows', {
      name: 'bench-agents',
      nodes: [{ id: 'each', agent: 'echo', input: { number: '{{ item }}' }, forEach: 'input.items', maxParallel: 50 }],
    });
    const items = Array.from({ length: RUNS }, (_, index) => index);
    const startedAt = performance.now();
    const { workflowRunId } = await call<{ workflowRunId: string }>('POST', `/api/workflows/${id}/trigger`, {
      input: { items },
    });
    let run: { status: string; output?: { each?: { number: number }[] } } = { status: 'PENDING' };
    while (!['SUCCESS', 'FAILED', 'CANCELLED'].includes(run.status)) {
      run = await call('GET', `/api/workflows/${id}/runs/${workflowRunId}?wait=30`);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const numbers = run.output?.each?.map(({ number }) => number);
    if (JSON.stringify(numbers) !== JSON.stringify(items))
      throw new Error(`The agents gave something else: ${run.status}`);
    console.log(`${RUNS} agents in ${seconds.toFixed(1)} s`);
    return { runs: RUNS, seconds, runsPerSecond: RUNS / seconds };
  } finally {
    agent.destroy();
    await service.stop();
  }
}

function page(report: {
  at: string;
  cpus: number;
  starts: Starts;
  runs: number;
  seconds: number;
  runsPerSecond: number;
}): string {
  const { starts } = report;
  const rows: [string, Quantiles][] = [
    ['`node -e 0`', starts.node],
    ['an agent in a new process', starts.cold],
    ['an agent in a process of the warm pool', starts.warm],
    [`an agent in a new process, ${whole(OUTPUT_BYTES / 1e6)} MB of output`, starts.output],
  ];
  return `# Results of \`npm run bench:agents\`

Written by the benchmark on ${report.at.slice(0, 10)}, ${report.cpus} cores. Start to result, process executor; the agent is made with the kit.

${table(
  ['', 'p50 ms', 'p95 ms', 'p50, ratio to node'],
  rows.map(([title, { p50, p95 }]) => [title, p50.toFixed(1), p95.toFixed(1), (p50 / starts.node.p50).toFixed(2)]),
)}

${whole(report.runs)} agents through the whole service, 50 at once: ${report.seconds.toFixed(1)} s, ${report.runsPerSecond.toFixed(0)} a second.
`;
}
