import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'nats';
import type { Fault } from './fault.ts';

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

/** The outbox must refill it. */
export const streamDelete: Fault = {
  name: 'stream-delete',
  every: [10, 20],
  async strike({ rig }) {
    const nats = await connect({ servers: rig.servers.natsUrl, timeout: 1000 }).catch(() => undefined);
    const manager = await nats?.jetstreamManager().catch(() => undefined);
    await manager?.streams.delete('COMMANDCENTER').catch(() => undefined);
    await nats?.close();
  },
};
