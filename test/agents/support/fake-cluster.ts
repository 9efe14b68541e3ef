import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Certificate } from './certificate.ts';

export interface Call {
  /** `PATCH /apis/apps/v1/…?fieldManager=…` */
  readonly call: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  /** An object is sent as JSON, text as it is. */
  readonly body: unknown;
}

/** An API server that answers what a test tells it to, by method and path, and keeps what it was asked. */
export interface FakeCluster {
  readonly url: string;
  readonly calls: Call[];
  /** Keyed by `GET /path` without the query; several answers are given in turn, the last one again and again. */
  answers: Record<string, Answer | readonly Answer[]>;
  close(): Promise<void>;
}

export async function startFakeCluster(certificate: Certificate): Promise<FakeCluster> {
  const calls: Call[] = [];
  const cluster: Pick<FakeCluster, 'answers'> = { answers: {} };
  const given = new Map<string, number>();
  const server: Server = createServer(certificate, (request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      calls.push({
        call: `${method} ${url}`,
        authorization: headers.authorization,
        contentType: headers['content-type'],
        body: body === '' ? undefined : (JSON.parse(body) as unknown),
      });
      const { status = 200, body: answer } = nextAnswer(`${method} ${url.split('?')[0] ?? ''}`);
      response.writeHead(status, { 'content-type': typeof answer === 'string' ? 'text/plain' : 'application/json' });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  function nextAnswer(key: string): Answer {
    const listed = [cluster.answers[key] ?? refusal(404, `there is no ${key}`)].flat() as Answer[];
    const at = given.get(key) ?? 0;
    given.set(key, at + 1);
    return listed[Math.min(at, listed.length - 1)] ?? refusal(500, 'no answer');
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${String((server.address() as AddressInfo).port)}`,
    calls,
    get answers() {
      return cluster.answers;
    },
    set answers(answers) {
      cluster.answers = answers;
      given.clear();
      calls.length = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** How an API server refuses. */
export function refusal(code: number, message: string): Answer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code } };
}
