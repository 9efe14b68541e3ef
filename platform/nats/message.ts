import type { MsgHdrs } from 'nats';
import type { Logger } from '../log.ts';

export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  text(): string;
  /** One value of a header, whatever the case of its name. */
  header(name: string): string | undefined;
  /** Where it is stored, of messages that come from a stream. */
  readonly stored?: { readonly stream: string; readonly sequence: number };
}

/** May be called again with a message that it failed on, when the subscription is durable. */
export type NatsHandler = (message: NatsMessage) => Promise<void> | void;

interface RawMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
  readonly info?: { readonly stream: string; readonly streamSequence: number };
}

/** Gives a message to its handler; false when the handler failed. */
export async function handled(
  handler: NatsHandler,
  { subject, data, headers, info }: RawMessage,
  log: Logger,
): Promise<boolean> {
  try {
    await handler({
      subject,
      data,
      text: () => Buffer.from(data).toString('utf8'),
      header: (name) => headerOf(headers, name),
      ...(info && { stored: { stream: info.stream, sequence: info.streamSequence } }),
    });
    return true;
  } catch (error) {
    log.error({ subject, err: error }, 'a handler of NATS messages failed');
    return false;
  }
}

function headerOf(headers: MsgHdrs | undefined, name: string): string | undefined {
  const key = headers?.keys().find((known) => known.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : headers?.get(key);
}
