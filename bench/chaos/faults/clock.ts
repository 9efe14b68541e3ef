import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';

const LIBRARIES = '/usr/lib';
const SECONDS = [-3600, -60, -5, 5, 60, 3600];

/** The clock of a worker's machine is wrong: by seconds, as without NTP, or by an hour, as after a wrong change of time. */
export const clockSkew: Fault = {
  name: 'clock-skew',
  every: [3, 6],
  async missing() {
    return (await findFaketime()) === undefined ? 'libfaketime (Debian: libfaketime)' : undefined;
  },
  async strike({ rig, random, note }) {
    const library = await findFaketime();
    const [victim] = rig.replicas('worker');
    if (library === undefined || victim === undefined) return;
    const seconds = random.pick(SECONDS);
    const skewed = await rig.add('worker', {
      LD_PRELOAD: library,
      FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}`,
      // leases and timers go by a clock that nobody sets
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    victim.signal('SIGKILL');
    note(`${seconds} s`);
    await delay(random.between(8000, 15_000));
    skewed.signal('SIGKILL');
  },
};

async function findFaketime(): Promise<string | undefined> {
  const folders = await readdir(LIBRARIES).catch(() => []);
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(LIBRARIES, folder, 'faketime')).catch(() => []);
      const name = names.find((one) => one.startsWith('libfaketimeMT.so'));
      return name === undefined ? undefined : join(LIBRARIES, folder, 'faketime', name);
    }),
  );
  return found.find((path) => path !== undefined);
}
