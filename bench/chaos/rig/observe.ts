import { setTimeout as delay } from 'node:timers/promises';
import { collect, type Traces } from '../history/collect.ts';
import { readJobKeys } from '../history/read-redis.ts';
import { withClient } from '../history/read-postgres.ts';
import { answersOf } from '../load/caller.ts';
import type { Rig } from './rig.ts';

const LOOK_MS = 250;

/**
 * Waits until no run is open and every event is in JetStream: for as long as anything goes on, however slow the machine is.
 * @throws Error naming what is still open when nothing has happened for `stillMs`
 */
export async function becomeQuiet(rig: Rig, stillMs: number): Promise<void> {
  let last = '';
  let changedAt = performance.now();
  for (;;) {
    const open = await query(rig, `${OPEN_RUNS} UNION ALL ${OPEN_EVENTS} LIMIT 20`).catch(() => undefined);
    if (open?.length === 0) return;
    const state = String(await query(rig, PROGRESS).catch(() => 'the database is away'));
    if (state !== last) changedAt = performance.now();
    last = state;
    if (performance.now() - changedAt > stillMs)
      throw new Error(`Nothing has happened for ${stillMs} ms, and open are: ${open?.join(', ') ?? state}`);
    await delay(LOOK_MS);
  }
}

const OPEN_RUNS = `SELECT 'run ' || id AS open FROM "WorkflowRun" WHERE "finishedAt" IS NULL`;
const OPEN_EVENTS = `SELECT DISTINCT 'events of ' || "runId" FROM "Event" WHERE "publishedAt" IS NULL`;
const PROGRESS = `SELECT count(*) || ' events, published ' || count("publishedAt") AS open FROM "Event"`;

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
