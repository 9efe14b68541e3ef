import { connect, type JetStreamManager } from 'nats';
import type { StreamMessage } from './history.ts';

const STREAM = 'COMMANDCENTER';

/** Every message of the stream, in its order; and each message's text, to look for secrets in it. */
export async function readJetStream(
  natsUrl: string,
): Promise<{ readonly messages: StreamMessage[]; readonly texts: string[] }> {
  const nats = await connect({ servers: natsUrl });
  try {
    const manager = await nats.jetstreamManager();
    const { state } = await manager.streams.info(STREAM);
    const read = { messages: [] as StreamMessage[], texts: [] as string[] };
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) await readOne(manager, seq, read);
    return read;
  } finally {
    await nats.close();
  }
}

async function readOne(
  manager: JetStreamManager,
  seq: number,
  { messages, texts }: { messages: StreamMessage[]; texts: string[] },
): Promise<void> {
  const message = await manager.streams.getMessage(STREAM, { seq });
  const text = message.string();
  const { sequence, subject, type } = JSON.parse(text) as { sequence: number; subject: string; type: string };
  messages.push({ id: message.header.get('Nats-Msg-Id'), runId: subject, sequence, type });
  texts.push(text);
}
