import { createServer, STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../contracts/errors.ts';
import type { Service } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { ScrapeAccess } from './scrape-access.ts';

export interface WorkerHttpParts {
  readonly host: string;
  /** A free port where absent; the log says which. */
  readonly port: number | undefined;
  readonly metrics: Metrics;
  readonly mayScrape: ScrapeAccess;
  /** Each part that a worker needs, with a bound of its own; a rejection says what is wrong. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  readonly log: Logger;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Probes and scrapers send little, and at once. */
const LIMITS = { headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8 * 1024 };
const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

/** A worker's own small page for probes and Prometheus: /health, /health/ready, /metrics. Nothing else is served here. */
export function createWorkerHttp({ host, port, metrics, mayScrape, checks, log }: WorkerHttpParts): Service {
  const pages: Readonly<Record<string, (headers: IncomingHttpHeaders) => Promise<Page>>> = {
    '/health': () => Promise.resolve(asJson(200, { status: 'ok', timestamp: new Date().toISOString() })),
    '/health/ready': async () => {
      const parts = await checkAll(checks, log);
      return asJson(Object.values(parts).every((part) => part.status === 'connected') ? 200 : 503, parts);
    },
    '/metrics': async ({ authorization, accept }) => {
      const status = await mayScrape(authorization);
      if (status !== 200) return problem(status);
      const { contentType, text } = await metrics.scrape(accept);
      return { status, type: contentType, body: text };
    },
  };
  const server = createServer(LIMITS, ({ method, url = '/', headers }, response) => {
    const [path = ''] = url.split('?');
    const page = method === 'GET' && Object.hasOwn(pages, path) ? pages[path] : undefined;
    void (page?.(headers) ?? Promise.resolve(problem(404)))
      .catch((error: unknown) => {
        log.warn({ err: error, path }, 'a page of the worker could not be made');
        return problem(503);
      })
      .then(({ status, type, body }) => {
        const challenge = status === 401 ? { 'www-authenticate': 'Bearer realm="commandcenter"' } : {};
        response.writeHead(status, { ...HEADERS, ...challenge, 'content-type': type }).end(body);
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

function asJson(status: number, value: object): Page {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

function problem(status: number): Page {
  const body = JSON.stringify({ type: 'about:blank', status, title: STATUS_CODES[status] });
  return { status, type: 'application/problem+json', body };
}

async function checkAll(
  checks: WorkerHttpParts['checks'],
  log: Logger,
): Promise<Record<string, { status: string; error?: string }>> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, { status: string; error?: string }]> => {
      try {
        await check();
        return [name, { status: 'connected' }];
      } catch (error) {
        log.debug({ cause: String(error), part: name }, 'a part does not answer');
        // the message of a driver names hosts and ports; ours do not
        const reason = error instanceof AppError ? error.message : `The ${name} is not reachable`;
        return [name, { status: 'disconnected', error: reason }];
      }
    }),
  );
  return Object.fromEntries(entries);
}
