import { createApi, type HttpRoom } from '../../../api/app.ts';
import type { ApiParts } from '../../../api/parts.ts';
import { loadConfig } from '../../../platform/config.ts';
import { createLogger } from '../../../platform/log.ts';
import { createMetrics, type Metrics } from '../../../platform/metrics.ts';
import { startTestEngine, type TestEngine, type TestEngineOptions } from '../../support/engine.ts';
import { createClient, type Client } from './client.ts';

export interface TestRoom extends Client {
  readonly engine: TestEngine;
  readonly metrics: Metrics;
  readonly room: HttpRoom;
  /** Lines of the log, newest last. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export interface TestRoomOptions extends TestEngineOptions {
  /** Environment variables, as an operator sets them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the engine's own parts. */
  readonly parts?: Partial<ApiParts>;
}

/** A real server on a free port, with a real engine behind it. */
export async function startRoom({ env = {}, parts = {}, ...options }: TestRoomOptions = {}): Promise<TestRoom> {
  const engine = await startTestEngine(options);
  const api = await startApi(engine, { env, parts });
  return {
    ...api,
    engine,
    async close() {
      await api.close();
      await engine.close();
    },
  };
}

/** One more replica of the API on an engine. */
export async function startApi(
  engine: TestEngine,
  { env = {}, parts = {} }: Pick<TestRoomOptions, 'env' | 'parts'> = {},
) {
  const lines: string[] = [];
  const metrics = createMetrics({ roles: ['api'] });
  const room = createApi({
    config: loadConfig({ PORT: '0', ...env }),
    db: engine.db,
    queues: engine.queues,
    hints: engine.hints,
    submitter: engine.flows.submitter,
    control: engine.flows.control,
    metrics,
    log: createLogger({ level: 'debug', stream: { write: (line) => void lines.push(line) } }),
    ...parts,
  });
  await room.service.start();
  const client = createClient(`http://127.0.0.1:${String(room.address().port)}`);
  return { ...client, room, metrics, log: lines, close: () => room.service.stop(5_000) };
}
