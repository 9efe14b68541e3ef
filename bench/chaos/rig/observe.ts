import { setTimeout as delay } from 'node:timers/promises';
import { collect, type Traces } from '../history/collect.ts';
import { readJobKeys } from '../history/read-redis.ts';
import { withClient } from '../history/read-postgres.ts';
import { answersOf } from '../load/caller.ts';
import type { Rig } from './rig.ts';

const LOOK_MS = 250;

/** Waits until no run is open and every event is in JetStream. @throws Error naming what is still open */
export function becomeQuiet(rig: Rig, timeoutMs: number): Promise<void> {
  return untilNone(() => query(rig, `${OPEN_RUNS} UNION ALL ${OPEN_EVENTS} LIMIT 20`), timeoutMs);
}

const OPEN_RUNS = `SELECT 'run ' || id AS open FROM "WorkflowRun" WHERE "finishedAt" IS NULL`;
const OPEN_EVENTS = `SELECT DISTINCT 'events of ' || "runId" FROM "Event" WHERE "publishedAt" IS NULL`;

async function untilNone(find: () => Promise<string[]>, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const open = await find().catch(() => undefined);
    if (open?.length === 0) return;
    if (performance.now() > end)
      throw new Error(`Still open after ${timeoutMs} ms: ${open?.join(', ') ?? 'the database is away'}`);
    await delay(LOOK_MS);
  }
}

/** Waits until the service has tidied up Redis: orphans are looked for every ten seconds. */
export async function becomeTidy(rig: Rig, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end && (await readJobKeys(rig.servers.redisUrl)).length > 0) await delay(LOOK_MS);
}

export function tracesOf(rig: Rig): Traces {
  const { servers, journal, folder, canary } = rig;
  const { databaseUrl, redisUrl, natsUrl } = servers;
  return { databaseUrl, redisUrl, natsUrl, journal, folder, canary, answers: answersOf(rig) };
}

export const collectFrom = (rig: Rig) => collect(tracesOf(rig));

function query(rig: Rig, statement: string): Promise<string[]> {
  return withClient(rig.servers.databaseUrl, async (client) => {
    const { rows } = await client.query<{ open: string }>(statement);
    return rows.map(({ open }) => open);
  });
}
