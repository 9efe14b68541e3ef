import { randomBytes } from 'node:crypto';
import { connect, type NatsConnection } from 'nats';
import { isMissingStream } from '../../platform/nats/stream.ts';
import { testServices } from './services.ts';

/** A stream and a subject space of one's own on the shared NATS server. */
export interface TestSubjects {
  readonly natsUrl: string;
  /** Name for a JetStream stream. */
  readonly stream: string;
  /** First part of every subject: `<subjects>.runs.…`. */
  readonly subjects: string;
  /** Deletes the stream if it is there. */
  cleanup(): Promise<void>;
}

/** Makes unique names; connects only to clean up. */
export function testSubjects(name = 'test'): TestSubjects {
  const { natsUrl } = testServices();
  const unique = randomBytes(4).toString('hex');
  const stream = `CCTEST_${name.toUpperCase()}_${unique}`;
  return { natsUrl, stream, subjects: `cctest-${name}-${unique}`, cleanup: () => deleteStream(natsUrl, stream) };
}

/** Connects with the name and password of the address, which the client does not take from it. */
export function connectTo(natsUrl: string): Promise<NatsConnection> {
  const { host, username, password } = new URL(natsUrl);
  return connect({ servers: host, ...(username && { user: username, pass: password }) });
}

async function deleteStream(natsUrl: string, stream: string): Promise<void> {
  const connection = await connectTo(natsUrl);
  const manager = await connection.jetstreamManager();
  await manager.streams.delete(stream).catch((error: unknown) => {
    if (!isMissingStream(error)) throw error;
  });
  await connection.close();
}
