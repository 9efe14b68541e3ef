import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { stepHandOffMs, type Report } from '../../bench/speed/report.ts';
import { missingServers } from '../../bench/chaos/rig/servers.ts';
import { ROOT } from '../cli/support/service.ts';

describe('the benchmark', function () {
  this.timeout(300_000);

  before(async function () {
    if ((await missingServers()).length > 0) this.skip();
  });

  const quick = async <T>(script: string, report: string, ...args: string[]): Promise<T> => {
    await promisify(execFile)('npm', ['run', script, '--', '--quick', ...args], { cwd: ROOT });
    return JSON.parse(await readFile(`${ROOT}/bench/quick-${report}.json`, 'utf8')) as T;
  };

  it('measures the built service and the floors under it, and checks every result', async () => {
    const report = await quick<Report>('bench', 'results', '--shapes=chain,fan');
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

  it('tells the hand-off of a step by what a longer chain takes longer', () => {
    const chain = (shape: string, steps: number, p50: number) => ({
      shape,
      steps,
      latency: { p50, p95: p50, p99: p50 },
    });
    assert.equal(stepHandOffMs([chain('chain', 10, 11), chain('chain-100', 100, 20)]), 0.1);
    assert.equal(stepHandOffMs([chain('chain', 10, 11)]), undefined);
  });

  it('measures more workers, larger graphs and more runs kept, and every list with them', async () => {
    type Lists = Record<string, { p50: number }>;
    const report = await quick<{ workers: { workers: number }[]; kept: { kept: number; lists: Lists }[] }>(
      'bench:scaling',
      'scaling',
    );
    assert.deepEqual(
      report.workers.map(({ workers }) => workers),
      [1, 2],
    );
    assert.deepEqual(
      report.kept.map(({ kept }) => kept),
      [0, 200],
    );
    for (const { lists } of report.kept) assert.ok(Object.values(lists).every(({ p50 }) => p50 > 0));
  });

  it('measures starts of agents beside node, and agents through the service', async () => {
    const report = await quick<{ starts: Record<string, { p50: number }>; runs: number }>('bench:agents', 'agents');
    assert.deepEqual(Object.keys(report.starts), ['node', 'cold', 'warm', 'output']);
    assert.equal(report.runs, 20);
  });
});
