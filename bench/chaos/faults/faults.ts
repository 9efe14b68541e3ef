import { buttons } from './bull-board.ts';
import type { Fault } from './fault.ts';
import { linkCut, linkHold } from './links.ts';
import { natsKill, natsPause, streamDelete } from './nats.ts';
import { connectionsEnd, postgresCrash, readOnly } from './postgres.ts';
import { failpoint, freeze, kill, retire } from './processes.ts';
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
  readOnly,
  natsKill,
  natsPause,
  streamDelete,
  linkCut,
  linkHold,
  buttons,
];

/** @throws Error naming what there is */
export function chooseFaults(names: readonly string[]): Fault[] {
  return names.map((name) => {
    const fault = FAULTS.find((one) => one.name === name);
    if (!fault) throw new Error(`There is no fault ${name}: choose of ${FAULTS.map((one) => one.name).join(', ')}`);
    return fault;
  });
}
