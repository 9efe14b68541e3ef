import { setTimeout as delay } from 'node:timers/promises';
import { collect, type Traces } from '../history/collect.ts';
import { readJobKeys } from '../history/read-redis.ts';
import { withClient } from '../history/read-postgres.ts';
import { answersOf } from '../load/caller.ts';
import type { Rig } from './rig.ts';

const LOOK_MS = 250;

/** Waits until no run is open and every event is in JetStream. @throws Error naming what is still open */
export async function becomeQuiet(rig: Rig, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const open = await findOpen(rig).catch(() => undefined);
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

function findOpen(rig: Rig): Promise<string[]> {
  return withClient(rig.servers.databaseUrl, async (client) => {
    const { rows } = await client.query<{ open: string }>(
      `SELECT 'run ' || id AS open FROM "WorkflowRun" WHERE "finishedAt" IS NULL
       UNION ALL SELECT DISTINCT 'events of ' || "runId" FROM "Event" WHERE "publishedAt" IS NULL LIMIT 20`,
    );
    return rows.map(({ open }) => open);
  });
}
