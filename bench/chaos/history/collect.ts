import { tempOf } from '../rig/rig.ts';
import type { History } from './history.ts';
import { findInLogs, readAnswers, readJournal } from './read-files.ts';
import { findAgentProcesses, findOrphanFolders } from './read-host.ts';
import { readJetStream } from './read-jetstream.ts';
import { findInTables, readPostgres } from './read-postgres.ts';
import { readJobKeys } from './read-redis.ts';

/** Where a time of chaos left its traces. */
export interface Traces {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly natsUrl: string;
  readonly journal: string;
  readonly answers: string;
  /** With the service's logs. */
  readonly folder: string;
  readonly canary: string;
  readonly twin?: Readonly<Record<string, string>>;
}

export async function collect(traces: Traces): Promise<History> {
  const { databaseUrl, canary } = traces;
  const database = await readPostgres(databaseUrl);
  const ours = new Set(database.runs.map(({ id }) => id));
  const stream = await readJetStream(traces.natsUrl);
  return {
    ...database,
    journal: await readJournal(traces.journal),
    answers: await readAnswers(traces.answers),
    stream: stream.messages,
    jobKeys: await readJobKeys(traces.redisUrl),
    leftovers: [
      ...(await findAgentProcesses()).filter(({ runId }) => ours.has(runId)),
      ...(await findOrphanFolders(tempOf(traces.folder))),
    ],
    exposures: [
      ...(await findInTables(databaseUrl, canary)),
      ...(await findInLogs(traces.folder, canary)),
      ...(stream.texts.some((text) => text.includes(canary)) ? ['JetStream'] : []),
    ],
    ...(traces.twin && { twin: traces.twin }),
  };
}
