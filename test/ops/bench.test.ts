import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Report } from '../../bench/speed/report.ts';
import { missingServers } from '../../bench/chaos/rig/servers.ts';
import { ROOT } from '../cli/support/service.ts';

describe('the benchmark', function () {
  this.timeout(300_000);

  it('measures the built service and the floors under it, and checks every result', async function () {
    if ((await missingServers()).length > 0) this.skip();
    await promisify(execFile)('npm', ['run', 'bench', '--', '--quick', '--shapes=chain,fan'], { cwd: ROOT });
    const report = JSON.parse(await readFile(`${ROOT}/bench/quick.json`, 'utf8')) as Report;
    assert.deepEqual(
      report.shapes.map(({ shape, steps }) => [shape, steps]),
      [
        ['chain', 10],
        ['fan', 52],
      ],
    );
    for (const { stepsPerSecond, latency } of report.shapes) assert.ok(stepsPerSecond > 0 && latency.p50 > 0);
    assert.equal(report.shapes[0]?.bareFlowsStepsPerSecond !== undefined, true);
    assert.deepEqual(
      report.postgresFloors.map(({ batch }) => batch),
      [1, 10, 50],
    );
  });
});
