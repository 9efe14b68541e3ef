import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import { createNats } from '../nats.ts';
import type { ServerProgram } from './server.ts';

const PROBE_TIMEOUT_MS = 1_000;

export interface NatsHome {
  readonly file: string;
  readonly folder: string;
  readonly password: string;
}

/** A NATS server with JetStream on disk. */
export function natsProgram(home: NatsHome, log: Logger): ServerProgram {
  const configPath = join(home.folder, 'nats.conf');
  return {
    name: 'nats',
    stopSignal: 'SIGTERM',
    async prepare(port) {
      await mkdir(join(home.folder, 'data'), { recursive: true });
      await writeFile(configPath, configuration(home, port), { mode: 0o600 });
    },
    command: () => ({ file: home.file, args: ['-c', configPath], cwd: home.folder }),
    async probe(port) {
      const nats = createNats(natsUrl(home, port), log.child({}, { level: 'silent' }));
      try {
        await nats.ping(PROBE_TIMEOUT_MS);
      } finally {
        await nats.close();
      }
    },
  };
}

export function natsUrl({ password }: Pick<NatsHome, 'password'>, port: number): string {
  return `nats://commandcenter:${password}@127.0.0.1:${String(port)}`;
}

function configuration({ folder, password }: NatsHome, port: number): string {
  return [
    'host: 127.0.0.1',
    `port: ${String(port)}`,
    `authorization { user: commandcenter, password: "${password}" }`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, 'data'))} }`,
    '',
  ].join('\n');
}
