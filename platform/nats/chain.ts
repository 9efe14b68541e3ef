import { ErrorCode, headers, NatsError, type MsgHdrs, type NatsConnection } from 'nats';

const TIMEOUT: string = ErrorCode.Timeout;

/** A message for a stream. */
export interface StreamMessage {
  readonly subject: string;
  readonly data: string | Uint8Array;
  /** The stream drops another message of the same id, within its duplicate window. */
  readonly msgId: string;
}

/**
 * Sends messages in one go, each on the condition that the one before it is the stream's last, and waits for the last
 * alone. An acknowledgement for each would be half of what a worker and the server spend on a short run's events.
 * @returns 'broken' where one of them was refused, or the server had the last already: of the others any number may be stored
 * @throws NatsError of a time-out
 */
export async function sendChain(
  nats: NatsConnection,
  messages: readonly StreamMessage[],
  timeoutMs: number,
): Promise<'stored' | 'broken'> {
  try {
    return await send(nats, messages, timeoutMs);
  } catch (error) {
    if (error instanceof NatsError && error.code !== TIMEOUT) return 'broken';
    throw error;
  }
}

async function send(
  nats: NatsConnection,
  messages: readonly StreamMessage[],
  timeoutMs: number,
): Promise<'stored' | 'broken'> {
  const last = messages.at(-1);
  if (last === undefined) return 'stored';
  let before: string | undefined;
  for (const message of messages.slice(0, -1)) {
    nats.publish(message.subject, message.data, { headers: conditions(message.msgId, before) });
    before = message.msgId;
  }
  const { duplicate } = await nats.jetstream({ timeout: timeoutMs }).publish(last.subject, last.data, {
    msgID: last.msgId,
    timeout: timeoutMs,
    ...(before !== undefined && { expect: { lastMsgID: before } }),
  });
  return duplicate ? 'broken' : 'stored';
}

function conditions(msgId: string, before: string | undefined): MsgHdrs {
  const conditions = headers();
  conditions.set('Nats-Msg-Id', msgId);
  if (before !== undefined) conditions.set('Nats-Expected-Last-Msg-Id', before);
  return conditions;
}
