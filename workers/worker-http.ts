import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Service } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';

export interface WorkerHttpParts {
  readonly host: string;
  /** A free port where absent; the log says which. */
  readonly port: number | undefined;
  readonly metrics: Metrics;
  /** Each part that a worker needs, with a bound of its own; a rejection says what is wrong. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  readonly log: Logger;
}

/** A worker's own small page for probes and Prometheus: /health, /health/ready, /metrics. Nothing else is served here. */
export function createWorkerHttp({ host, port, metrics, checks, log }: WorkerHttpParts): Service {
  const answers: Readonly<Record<string, () => Promise<{ status: number; type: string; body: string }>>> = {
    '/health': () => Promise.resolve(asJson(200, { status: 'ok', timestamp: new Date().toISOString() })),
    '/health/ready': async () => {
      const parts = await checkAll(checks);
      return asJson(Object.values(parts).every((part) => part.status === 'connected') ? 200 : 503, parts);
    },
    '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
  };
  const server = createServer((request, response) => {
    const answer =
      request.method === 'GET' ? answers[new URL(request.url ?? '/', 'http://worker').pathname] : undefined;
    void (answer?.() ?? Promise.resolve(asJson(404, { status: 404, title: 'Not found' })))
      .catch(() => asJson(503, { status: 503, title: 'Service unavailable' }))
      .then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
      });
  });
  return {
    name: 'worker-http',
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port ?? 0, host, () => {
          log.info({ port: (server.address() as AddressInfo).port }, 'a worker shows its health and metrics here');
          resolve();
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function asJson(status: number, value: object): { status: number; type: string; body: string } {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

async function checkAll(
  checks: WorkerHttpParts['checks'],
): Promise<Record<string, { status: string; error?: string }>> {
  const entries: [string, { status: string; error?: string }][] = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await check();
        return [name, { status: 'connected' }];
      } catch (error) {
        return [name, { status: 'disconnected', error: (error as Error).message }];
      }
    }),
  );
  return Object.fromEntries(entries);
}
