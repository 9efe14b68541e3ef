import { nanos, type NatsConnection } from 'nats';
import { reasonOf } from './connection.ts';

export interface StreamSettings {
  readonly name: string;
  readonly subjects: readonly string[];
  /** How long a message id is remembered. */
  readonly duplicateWindowMs: number;
  /** 0 keeps messages for ever. */
  readonly maxAgeMs?: number;
}

/** Makes the stream, or brings it up to date. @returns when the server made it: tells a stream from its successor */
export async function ensureStream(nats: NatsConnection, settings: StreamSettings, timeout: number): Promise<string> {
  const { streams } = await nats.jetstreamManager({ timeout });
  const wanted = {
    subjects: [...settings.subjects],
    duplicate_window: nanos(settings.duplicateWindowMs),
    max_age: nanos(settings.maxAgeMs ?? 0),
  };
  try {
    return (await streams.update(settings.name, wanted)).created;
  } catch (error) {
    if (!isMissingStream(error)) throw error;
    return (await streams.add({ name: settings.name, ...wanted })).created;
  }
}

/** The name of a stream that keeps the messages of this subject, null where there is none. */
export async function findStream(nats: NatsConnection, subject: string, timeout: number): Promise<string | null> {
  // what is asked next tells as well whether there is JetStream
  const { streams } = await nats.jetstreamManager({ timeout, checkAPI: false });
  try {
    return await streams.find(subject);
  } catch (error) {
    if (/no stream matches/i.test(reasonOf(error))) return null;
    throw error;
  }
}

export function isMissingStream(error: unknown): boolean {
  return /stream not found/i.test(reasonOf(error));
}
