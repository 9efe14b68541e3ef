import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Config } from '../platform/config.ts';
import { PROBLEM_TYPE } from './problem.ts';

/** A request that comes slower than this is cut off, so that slow ones cannot use the connections up. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  /** How often Node looks who is too slow; its own default of 30 s would make 10 s 40. */
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
};

/** An HTTP server, or an HTTPS one where TLS_CERT and TLS_KEY are set. */
export function createServer(listener: RequestListener, { tls }: Pick<Config, 'tls'>, limits = LIMITS): Server {
  // Node's own refusal is no problem+json: middleware/one-host.ts refuses
  const options = { ...limits, requireHostHeader: false };
  const server = tls
    ? createHttpsServer({ ...options, cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }, listener)
    : createHttpServer(options, listener);
  server.on('clientError', answerUnreadable);
  // an expectation that we do not know is none of ours: Node would answer it itself, without a word
  server.on('checkExpectation', listener);
  return server;
}

/** Resolves when the server accepts connections; rejects when it cannot (the port is taken). */
export function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Takes no new connections, lets requests under way end, and cuts off what has not by the deadline. */
export async function close(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, deadlineMs);
  await closed;
  clearTimeout(timer);
}

const STATUS_OF: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** What is no HTTP never reaches the middleware; the answer looks as all others do. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = STATUS_OF[error.code ?? ''] ?? 400;
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const detail = 'The request could not be read as HTTP.';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code: 'INVALID_INPUT', requestId: '' });
  const head = [
    `HTTP/1.1 ${String(status)} ${title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
  ];
  socket.end([...head, 'Connection: close', '', body].join('\r\n'));
}
