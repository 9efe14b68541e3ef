import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import { createNats } from '../nats.ts';
import { findBinary } from './binaries.ts';
import { runLocally, type LocalContext, type ResolvedService } from './local-service.ts';
import type { ServerProgram } from './server.ts';

const PROBE_TIMEOUT_MS = 1_000;

interface NatsHome {
  readonly file: string;
  readonly folder: string;
  readonly password: string;
}

/** Brings up a NATS server of this machine; undefined when there is none. */
export async function localNats(context: LocalContext): Promise<ResolvedService | undefined> {
  const binary = await findBinary(['nats-server'], context.sources.folders);
  if (!binary) return undefined;
  const home = { file: binary.path, folder: join(context.root, 'nats'), password: context.password };
  return runLocally(context, natsProgram(home, context.log), {
    url: (port) => urlOf(home, port),
    version: binary.version,
    from: binary.path,
  });
}

/** With JetStream on disk. */
function natsProgram(home: NatsHome, log: Logger): ServerProgram {
  const configPath = join(home.folder, 'nats.conf');
  return {
    name: 'nats',
    stopSignal: 'SIGTERM',
    async prepare(port) {
      await mkdir(join(home.folder, 'data'), { recursive: true, mode: 0o700 });
      await writeFile(configPath, configuration(home, port), { mode: 0o600 });
    },
    command: () => ({ file: home.file, args: ['-c', configPath], cwd: home.folder }),
    async probe(port) {
      const nats = createNats(urlOf(home, port), log.child({}, { level: 'silent' }));
      try {
        await nats.ping(PROBE_TIMEOUT_MS);
      } finally {
        await nats.close();
      }
    },
  };
}

function urlOf({ password }: Pick<NatsHome, 'password'>, port: number): string {
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
