import { setTimeout as delay } from 'node:timers/promises';
import { connect, DiscardPolicy, type StreamAPI } from 'nats';
import type { Fault, Stage } from './fault.ts';

export const natsKill: Fault = {
  name: 'nats-kill',
  every: [6, 12],
  async strike({ rig, random }) {
    await rig.servers.nats.crash();
    await delay(random.between(0, 4000));
    await rig.servers.nats.start();
  },
};

export const natsPause: Fault = {
  name: 'nats-pause',
  every: [6, 12],
  async strike({ rig, random }) {
    rig.servers.nats.pause();
    await delay(random.between(500, 6000));
    rig.servers.nats.resume();
  },
};

const STREAM = 'COMMANDCENTER';

/** The outbox must refill it. */
export const streamDelete: Fault = {
  name: 'stream-delete',
  every: [10, 20],
  strike: (stage) => manage(stage, (streams) => streams.delete(STREAM)),
};

/** What still goes in: messages that come while the limit is being set. */
const ROOM_BYTES = 20_000;

/**
 * It refuses new messages, as one does that has come to the limit of its account or disk. The limit must be no lower than what is
 * there: NATS throws away what is above it (all of it, for a limit of one byte), also where it is told to refuse the new.
 */
export const streamFull: Fault = {
  name: 'stream-full',
  every: [6, 12],
  async strike(stage) {
    await limit(stage, (bytes) => bytes + ROOM_BYTES);
    await delay(stage.random.between(1000, 5000));
    await limit(stage, () => -1);
  },
};

function limit(stage: Stage, most: (bytes: number) => number): Promise<void> {
  return manage(stage, async (streams) => {
    const { state } = await streams.info(STREAM);
    await streams.update(STREAM, { discard: DiscardPolicy.New, max_bytes: most(state.bytes) });
  });
}

async function manage({ rig }: Stage, change: (streams: StreamAPI) => Promise<unknown>): Promise<void> {
  const nats = await connect({ servers: rig.servers.natsUrl, timeout: 1000 });
  try {
    await change((await nats.jetstreamManager()).streams);
  } finally {
    await nats.close();
  }
}
