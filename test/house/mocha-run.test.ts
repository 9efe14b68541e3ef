import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMocha } from '../../scripts/mocha-run.ts';

describe('a run of mocha', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mocha-run-'));
  });
  after(() => rm(folder, { recursive: true }));

  const run = async (source: string, timeoutMs = 15_000, settings: NodeJS.ProcessEnv = {}) => {
    const file = join(folder, 'sample.test.mjs');
    await writeFile(file, source);
    const quiet = ['--no-config', '--no-color'];
    return runMocha({
      name: 'sample',
      args: [...quiet, file],
      env: { ...process.env, ...settings },
      timeoutMs,
      silent: true,
    });
  };

  it('counts what passed, failed and was skipped', async () => {
    const outcome = await run(`
      it('one', () => {});
      it('two', () => { throw new Error('expected by the test of the test runner'); });
      it('three', function () { this.skip(); });`);
    assert.deepEqual(outcome, { passed: 1, failed: ['two'], skipped: ['three'] });
  });

  it('fails when mocha dies half-way', async () => {
    const outcome = await run(`it('one', () => {}); it('two', () => process.exit(0));`);
    assert.deepEqual(outcome.failed, ['sample: mocha died (exit code 0)']);
  });

  it('fails when a file cannot be loaded', async () => {
    const outcome = await run(`import './gone.mjs'; it('one', () => {});`);
    assert.match(outcome.failed[0] ?? '', /sample: mocha died \(exit code \d+\)/);
  });

  it('fails when there is no test', async () => {
    assert.deepEqual((await run('')).failed, ['sample: there was no test to run']);
  });

  it('fails when it does not end in time, and kills what it started', async () => {
    const outcome = await run(`it('one', function (done) { this.timeout(0); setInterval(() => {}, 1000); });`, 2500);
    assert.deepEqual(outcome.failed, ['sample: mocha did not end in time and was killed']);
  });

  it('fails when something keeps the process after the last test, and says what', async () => {
    const outcome = await run(`it('one', () => { setInterval(() => {}, 1000); });`, 15_000, { TEST_EXIT_MS: '200' });
    assert.deepEqual(outcome.passed, 1);
    assert.match(outcome.failed[0] ?? '', /the tests are over, and something keeps their process: .*Timeout/);
  });
});
