import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missingServers } from '../../bench/chaos/rig/servers.ts';
import { simulateDay, type DayOptions } from '../../bench/fleet/day.ts';
import { ROOT } from './fleet.ts';

const DAY: DayOptions = {
  ...{ runs: 20_000, nodesPerRun: 5, agentSeconds: 10, peak: 1.8, slots: 1000, engineSeconds: 0, seed: 7 },
};

describe('the simulation of a day', () => {
  it('runs every node once, and keeps nobody waiting where there are slots enough', () => {
    const day = simulateDay(DAY);
    assert.equal(day.nodes, 100_000);
    assert.deepEqual([day.waitMax, day.mostWaiting], [0, 0]);
  });

  it('uses as many slots as arrivals and times ask for', () => {
    const { utilisation } = simulateDay(DAY);
    const expected = (20_000 * 5 * 10) / 86_400 / 1000;
    assert.ok(Math.abs(utilisation / expected - 1) < 0.05, `${utilisation} beside ${expected}`);
  });

  it('makes nodes wait in the busiest hours when the slots suffice for the mean alone', () => {
    const day = simulateDay({ ...DAY, slots: 14 });
    assert.ok(day.waitP99 > 60 && day.mostWaiting > 100, JSON.stringify(day));
    assert.equal(day.nodes, 100_000, 'nothing is forgotten');
  });

  it('is the same for the same seed', () => {
    assert.deepEqual(simulateDay(DAY), simulateDay(DAY));
    assert.notDeepEqual(simulateDay(DAY), simulateDay({ ...DAY, seed: 8 }));
  });
});

describe('npm run bench:fleet', function () {
  this.timeout(180_000);

  it('measures what workers ask of Postgres, with real claims and settles, and simulates the day', async function () {
    if ((await missingServers()).length > 0) this.skip();
    const small = ['--workers=4', '--held=5', '--seconds=7', '--runs=1000', '--fleets=1,50'];
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'bench:fleet', '--', ...small], {
      cwd: ROOT,
    });
    assert.match(stdout, /\| heartbeats, each of 5 leases \| [1-9]/);
    assert.match(stdout, /\(20 of each, by one process\)/);
    assert.match(stdout, /leases lost 0, beats skipped \d+, statements failed 0/);
    assert.match(stdout, /^\| 50 \| \d+ % \| < 0\.1 s \| < 0\.1 s \| < 0\.1 s \| < 0\.1 s \| 0 \|$/m);
  });
});
