import { request } from 'node:http';
import type { FuzzRequest } from './request.ts';

export interface FuzzAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const SLOWEST_MS = 20_000;
const MOST_READ = 256 * 1024;

/** Sends a request byte for byte, which fetch would tidy up. A stream of events is left after its head. */
export function send(url: string, { method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const length = body && { 'content-length': String(body.length) };
    const outgoing = request({ hostname, port, method, path, headers: { ...headers, ...length } }, (response) => {
      const contentType = response.headers['content-type'] ?? '';
      let text = '';
      const done = (): void => {
        resolve({ status: response.statusCode ?? 0, contentType, text });
      };
      if (contentType.startsWith('text/event-stream')) {
        done();
        response.destroy();
        return;
      }
      response.setEncoding('utf8').on('data', (chunk: string) => {
        if (text.length < MOST_READ) text += chunk;
      });
      response.on('end', done).on('error', reject);
    });
    outgoing.setTimeout(SLOWEST_MS, () => outgoing.destroy(new Error(`no answer within ${SLOWEST_MS / 1000} s`)));
    outgoing.on('error', reject).end(body);
  });
}
