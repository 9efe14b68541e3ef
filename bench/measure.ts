import { Agent, request } from 'node:http';
import { definitionOf, type Shape } from './shapes.ts';

export interface Figures {
  readonly shape: string;
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly runsPerSecond: number;
  /** Milliseconds from the trigger's start to the answer that the run has ended, one run at a time. */
  readonly p50: number;
  readonly p95: number;
  /** Milliseconds of the trigger request alone. */
  readonly triggerP50: number;
}

const IN_FLIGHT = 32;

interface Run {
  readonly status: string;
  readonly output: Record<string, { v: number }>;
}

/** Measures one shape over HTTP, and checks what came out. @throws Error where a run gave anything else */
export async function measure(
  url: string,
  shape: Shape,
  { runs, latencyRuns }: { runs: number; latencyRuns: number },
): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call = caller(url, agent);
  const { name } = definitionOf(shape);
  await call('POST', '/api/workflows', definitionOf(shape)).catch(ignoreConflict);
  const trigger = async () =>
    (await call<{ workflowRunId: string }>('POST', `/api/workflows/${name}/trigger`, {})).workflowRunId;
  const ended = async (id: string): Promise<Run> => {
    for (;;) {
      const run = await call<Run>('GET', `/api/workflows/${name}/runs/${id}?wait=30`);
      if (run.status === 'SUCCESS') return run;
      if (run.status === 'FAILED' || run.status === 'CANCELLED')
        throw new Error(`A run of ${name} ended ${run.status}`);
    }
  };

  await inFlight(Math.ceil(runs / 6), async () => check(shape, await ended(await trigger())));
  const started = performance.now();
  const ids = await inFlight(runs, trigger);
  for (const id of ids) await ended(id);
  const seconds = (performance.now() - started) / 1000;
  for (const id of [ids[0], ids.at(-1)]) if (id !== undefined) check(shape, await ended(id));

  const latencies: number[] = [];
  const triggers: number[] = [];
  for (let i = 0; i < latencyRuns; i++) {
    const at = performance.now();
    const id = await trigger();
    triggers.push(performance.now() - at);
    check(shape, await ended(id));
    latencies.push(performance.now() - at);
  }
  agent.destroy();
  const steps = shape.nodes.length;
  return {
    ...{ shape: shape.name, steps, stepsPerSecond: (runs * steps) / seconds, runsPerSecond: runs / seconds },
    ...{ p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), triggerP50: quantile(triggers, 0.5) },
  };
}

function check({ name, expected }: Shape, { output }: Run): void {
  const sum = Object.values(output).reduce((total, { v }) => total + v, 0);
  if (sum !== expected) throw new Error(`A run of ${name} gave ${sum} instead of ${expected}`);
}

function ignoreConflict(error: unknown): void {
  if (!(error instanceof Error) || !error.message.includes(' 409 ')) throw error;
}

async function inFlight<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: Math.min(IN_FLIGHT, count) }, async () => {
      while (left-- > 0) results.push(await work());
    }),
  );
  return results;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

function caller(url: string, agent: Agent) {
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
