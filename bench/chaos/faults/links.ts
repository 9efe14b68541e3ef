import { setTimeout as delay } from 'node:timers/promises';
import type { Link } from '../rig/link.ts';
import type { Fault, Stage } from './fault.ts';

/** Every connection to one server is reset. */
export const linkCut: Fault = {
  name: 'link-cut',
  every: [2, 5],
  strike(stage) {
    anyLink(stage).cut();
    return Promise.resolve();
  },
};

/** A network that swallows everything for a while: no reset, no answer. */
export const linkHold: Fault = {
  name: 'link-hold',
  every: [6, 12],
  async strike(stage) {
    const link = anyLink(stage);
    link.hold();
    await delay(stage.random.between(500, 8000));
    link.release();
  },
};

/** A router that forgot every connection to one server: they stay open, and nothing comes through them again. */
export const linkLose: Fault = {
  name: 'link-lose',
  every: [15, 25],
  strike(stage) {
    anyLink(stage).lose();
    return Promise.resolve();
  },
};

/** Every statement takes longer than all the rest together. */
export const postgresSlow: Fault = {
  name: 'postgres-slow',
  every: [4, 8],
  async strike({ rig, random }) {
    rig.links.postgres.slow(random.between(50, 500));
    await delay(random.between(2000, 6000));
    rig.links.postgres.slow(0);
  },
};

function anyLink({ rig: { links }, random }: Stage): Link {
  return random.pick([links.postgres, links.redis, links.nats]);
}
