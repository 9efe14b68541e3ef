import { createParser } from 'eventsource-parser';

export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  // tests look into events of every shape
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
}

/** Reads server-sent events until the stream ends, `most` have come, or `signal` cuts the connection. */
export async function readEvents(
  url: string,
  {
    headers = {},
    most = Infinity,
    signal,
  }: { headers?: Record<string, string>; most?: number; signal?: AbortSignal } = {},
): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  const cut = new AbortController();
  signal?.addEventListener('abort', () => {
    cut.abort();
  });
  const response = await fetch(url, { headers, signal: cut.signal });
  if (response.status === 204) return [];
  if (!response.ok || !response.body) throw new Error(`${String(response.status)} ${await response.text()}`);
  const parser = createParser({
    onEvent: ({ id, event, data }) => events.push({ id, event, data: JSON.parse(data) as unknown }),
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (events.length >= most) break;
  }
  return events.slice(0, most);
}
