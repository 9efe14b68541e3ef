import { setTimeout as delay } from 'node:timers/promises';
import { connect, DiscardPolicy, type StreamAPI } from 'nats';
import { isMissingStream } from '../../../platform/nats/stream.ts';
import type { Fault, Stage } from './fault.ts';
import { insist } from './insist.ts';

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

/**
 * It refuses new messages, as one does that has come to the limit of its account or disk. A limit that is lower than what is there
 * would make NATS throw the oldest away, also where it is told to refuse the new: so nothing may come while it is being set.
 */
export const streamFull: Fault = {
  name: 'stream-full',
  every: [6, 12],
  async strike(stage) {
    try {
      await manage(stage, async (streams) => {
        await streams.update(STREAM, { max_msg_size: 1 });
        const { state } = await streams.info(STREAM);
        await streams.update(STREAM, { discard: DiscardPolicy.New, max_bytes: state.bytes });
        await streams.update(STREAM, { max_msg_size: -1 });
      });
      await delay(stage.random.between(1000, 5000));
    } finally {
      await insist(() => manage(stage, makeRoom));
    }
  },
};

/** One that was deleted meanwhile comes back without a limit. */
async function makeRoom(streams: StreamAPI): Promise<void> {
  await streams.update(STREAM, { max_bytes: -1, max_msg_size: -1 }).catch((error: unknown) => {
    if (!isMissingStream(error)) throw error;
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
