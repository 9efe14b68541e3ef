import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../contracts/json.ts';
import { createLogger } from '../../platform/log.ts';
import { describeAgents } from '../../workers/agents/describe.ts';
import type { AgentDescription } from '../../workers/agents/description.ts';
import type { ExecutionRequest, LogLine, Progress } from '../../workers/executors/executor.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/agents', import.meta.url));

/** Compiled programs and agents are kept between runs of the tests: they are named after their content. */
export const CACHE_DIR = join(tmpdir(), `commandcenter-tests-${String(process.getuid?.())}`);

export const SILENT = createLogger({ level: 'info', stream: { write: () => undefined } });

/** The agents of test/fixtures/agents, by name. */
export async function fixtureAgents(): Promise<Map<string, AgentDescription>> {
  const { registered, rejected } = await describeAgents(FIXTURES, CACHE_DIR);
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected));
  return new Map(registered.map((agent) => [agent.name, agent]));
}

/** A request with what it has logged so far. */
export interface Recorded extends ExecutionRequest {
  readonly lines: LogLine[];
  readonly steps: Progress[];
}

let count = 0;

/** A request that differs from the usual one by `changes`. */
export function request(agent: AgentDescription, input: Json, changes: Partial<ExecutionRequest> = {}): Recorded {
  count += 1;
  const lines: LogLine[] = [];
  const steps: Progress[] = [];
  return {
    agent,
    input,
    runId: `run-${String(process.pid)}-${String(count)}`,
    nodeId: 'node',
    attempt: 1,
    idempotencyKey: `key-${String(count)}`,
    timeoutMs: 45_000,
    memoryMb: 256,
    maxOutputBytes: 16 * 1024 * 1024,
    secrets: {},
    signal: new AbortController().signal,
    onLog: (line) => lines.push(line),
    onProgress: (step) => steps.push(step),
    lines,
    steps,
    ...changes,
  };
}

/** The text of the lines logged so far. */
export function textOf({ lines }: Recorded): string {
  return lines.map(({ text }) => text).join('\n');
}
