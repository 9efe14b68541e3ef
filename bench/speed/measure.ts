import { Agent, request } from 'node:http';
import { quantile } from '../quantile.ts';
import { readCounters } from './counters.ts';
import { PARTS, type BenchService, type Part } from './service.ts';
import { definitionOf, inputOf, type Shape } from './shapes.ts';
import { readUsage } from './usage.ts';

export interface Figures {
  readonly shape: string;
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly runsPerSecond: number;
  /** Milliseconds from the trigger's start to the answer that the run has ended, one run at a time. */
  readonly latency: Quantiles;
  /** Milliseconds of the trigger request alone. */
  readonly trigger: Quantiles;
  /** Of the throughput measurement; undefined where the system does not tell. */
  readonly cost?: Cost;
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Cost {
  readonly cpuSecondsPer1000Steps: Readonly<Record<Part | 'all', number>>;
  /** Since the start of the service. */
  readonly peakMegabytes: Readonly<Record<Part, number>>;
  readonly transactionsPerStep: number;
  readonly walBytesPerStep: number;
  readonly redisCommandsPerStep: number;
}

/** Requests of triggers at once. */
const IN_FLIGHT = 64;
const WAITERS = 4;

interface Run {
  readonly status: string;
  readonly output: Record<string, Value | readonly Value[]>;
}
interface Value {
  readonly v: number;
}

/** Measures one shape over HTTP, and checks what came out. @throws Error where a run gave anything else */
export async function measure(
  service: BenchService,
  shape: Shape,
  { runs, latencyRuns }: { readonly runs: number; readonly latencyRuns: number },
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT + WAITERS });
  try {
    const client = await openClient(service.url, agent, shape);
    await client.runAll(Math.ceil(runs / 6));
    const before = await snapshot(service);
    const started = performance.now();
    await client.runAll(runs);
    const seconds = (performance.now() - started) / 1000;
    const cost = costBetween(before, await snapshot(service), runs * shape.steps);
    const { latencies, triggers } = await client.runOneByOne(latencyRuns);
    return {
      shape: shape.name,
      steps: shape.steps,
      stepsPerSecond: (runs * shape.steps) / seconds,
      runsPerSecond: runs / seconds,
      latency: quantiles(latencies),
      trigger: quantiles(triggers),
      ...(cost && { cost }),
    };
  } finally {
    agent.destroy();
  }
}

export async function openClient(url: string, agent: Agent, shape: Shape) {
  const call = caller(url, agent);
  const { id } = await call<{ id: string }>('POST', '/api/workflows', definitionOf(shape));
  const input = inputOf(shape);
  const trigger = async () =>
    (await call<{ workflowRunId: string }>('POST', `/api/workflows/${id}/trigger`, { input })).workflowRunId;
  const end = async (runId: string): Promise<void> => {
    for (;;) {
      const run = await call<Run>('GET', `/api/workflows/${id}/runs/${runId}?wait=30`);
      if (run.status === 'SUCCESS') {
        check(shape, run);
        return;
      }
      if (run.status === 'FAILED' || run.status === 'CANCELLED')
        throw new Error(`A run of ${shape.name} did not succeed`);
    }
  };
  return {
    id,
    /** Starts one run and waits for its end; answers its id. */
    async runOne(): Promise<string> {
      const runId = await trigger();
      await end(runId);
      return runId;
    },
    async runAll(count: number): Promise<void> {
      const ids: string[] = [];
      await atOnce(IN_FLIGHT, count, async () => ids.push(await trigger()));
      await atOnce(WAITERS, count, async (index) => end(ids[index] ?? ''));
    },
    async runOneByOne(count: number): Promise<{ latencies: number[]; triggers: number[] }> {
      const latencies: number[] = [];
      const triggers: number[] = [];
      for (let run = 0; run < count; run++) {
        const at = performance.now();
        const runId = await trigger();
        triggers.push(performance.now() - at);
        await end(runId);
        latencies.push(performance.now() - at);
      }
      return { latencies, triggers };
    },
  };
}

function check({ name, expected }: Shape, { output }: Run): void {
  const sum = Object.values(output)
    .flat()
    .reduce((total, { v }) => total + v, 0);
  if (sum !== expected) throw new Error(`A run of ${name} gave ${sum} instead of ${expected}`);
}

async function snapshot(service: BenchService) {
  const usages = await Promise.all(
    PARTS.map(async (part) => [part, await readUsage(service.pids.get(part) ?? [])] as const),
  );
  return { usages: new Map(usages), counters: await readCounters(service) };
}
type Snapshot = Awaited<ReturnType<typeof snapshot>>;

function costBetween(before: Snapshot, after: Snapshot, steps: number): Cost | undefined {
  const cpu = PARTS.map((part) => {
    const [from, to] = [before.usages.get(part), after.usages.get(part)];
    return from && to ? ((to.cpuSeconds - from.cpuSeconds) * 1000) / steps : undefined;
  });
  if (cpu.includes(undefined)) return undefined;
  const each = <T>(value: (part: Part, index: number) => T) =>
    Object.fromEntries(PARTS.map((part, index) => [part, value(part, index)])) as Record<Part, T>;
  const [from, to] = [before.counters, after.counters];
  return {
    cpuSecondsPer1000Steps: {
      ...each((_, index) => cpu[index] ?? 0),
      all: cpu.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0),
    },
    peakMegabytes: each((part) => after.usages.get(part)?.peakMegabytes ?? 0),
    transactionsPerStep: (to.transactions - from.transactions) / steps,
    walBytesPerStep: (to.walBytes - from.walBytes) / steps,
    redisCommandsPerStep: (to.redisCommands - from.redisCommands) / steps,
  };
}

async function atOnce(most: number, count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(most, count) }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
}

export function caller(url: string, agent: Agent) {
  return <T>(method: string, path: string, body?: object): Promise<T> =>
    new Promise((resolve, reject) => {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const headers =
        sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) };
      const outgoing = request(url + path, { method, agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          const { statusCode = 0 } = answer;
          if (statusCode < 300) resolve(JSON.parse(text) as T);
          else reject(new Error(`${method} ${path}: HTTP ${statusCode} ${text.slice(0, 200)}`));
        });
      });
      outgoing.on('error', reject).end(sent);
    });
}
