import { buttons } from './bull-board.ts';
import { clockSkew } from './clock.ts';
import type { Fault } from './fault.ts';
import { failpoint } from './failpoints.ts';
import { linkCut, linkHold, linkLose, postgresSlow } from './links.ts';
import { natsKill, natsPause, streamDelete, streamFull } from './nats.ts';
import { connectionsEnd, connectionsFull, postgresCrash, readOnly } from './postgres.ts';
import { freeze, kill, retire } from './processes.ts';
import { clientKill, evict, flush, redisFull, redisKill, redisPause, scriptFlush } from './redis.ts';

/** Every kind, by its name on the command line. */
export const FAULTS: readonly Fault[] = [
  kill,
  freeze,
  retire,
  failpoint,
  flush,
  scriptFlush,
  clientKill,
  evict,
  redisFull,
  redisKill,
  redisPause,
  postgresCrash,
  connectionsEnd,
  connectionsFull,
  postgresSlow,
  readOnly,
  natsKill,
  natsPause,
  streamDelete,
  streamFull,
  linkCut,
  linkHold,
  linkLose,
  buttons,
  clockSkew,
];

/**
 * Those of the names; for `all` every one that this machine has the means for, and says which it has not.
 * @throws Error naming what there is, or what is missing
 */
export async function chooseFaults(names: readonly string[]): Promise<Fault[]> {
  const isAll = names.includes('all');
  const chosen: Fault[] = [];
  for (const fault of isAll ? FAULTS : names.map(faultOf)) {
    const missing = await fault.missing?.();
    if (missing === undefined) chosen.push(fault);
    else if (isAll) console.log(`without ${fault.name}: there is no ${missing}`);
    else throw new Error(`${fault.name} needs ${missing}`);
  }
  return chosen;
}

function faultOf(name: string): Fault {
  const fault = FAULTS.find((one) => one.name === name);
  if (!fault) throw new Error(`There is no fault ${name}: choose of ${FAULTS.map((one) => one.name).join(', ')}`);
  return fault;
}
