// Runs mocha in a process of its own and says how it went, also when mocha itself dies or hangs.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ passed: number, failed: string[], skipped: string[] }} Outcome */

/**
 * @param {{ root: string, name: string, args: string[], env: NodeJS.ProcessEnv, timeoutMs: number }} run
 * @returns {Promise<Outcome>} titles of what failed and was skipped; a crash or no test at all is a failure
 */
export async function runMocha({ root, name, args, env, timeoutMs }) {
  const folder = await mkdtemp(join(tmpdir(), 'cctest-'));
  const outcomeFile = join(folder, 'outcome.json');
  try {
    const end = await spawnMocha(root, args, { ...env, TEST_OUTCOME: outcomeFile }, timeoutMs);
    const outcome = JSON.parse(await readFile(outcomeFile, 'utf8').catch(() => 'null'));
    return judge(name, end, outcome);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function judge(name, { code, signal, timedOut }, outcome) {
  const { passed, failed, skipped } = outcome ?? { passed: 0, failed: [], skipped: [] };
  const complain = (what) => ({ passed, skipped, failed: [...failed, `${name}: ${what}`] });
  if (timedOut) return complain('did not end in time and was killed');
  if (!outcome) return complain(`mocha died (${signal ?? `exit code ${code}`})`);
  if (passed + failed.length + skipped.length === 0) return complain('there was no test to run');
  if (failed.length === 0 && code !== 0) return complain(`mocha ended with ${signal ?? `exit code ${code}`}`);
  return { passed, failed, skipped };
}

function spawnMocha(root, args, env, timeoutMs) {
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = join(root, 'scripts', 'test-reporter.mjs');
  return new Promise((resolve, reject) => {
    // A group of its own, so that a hanging run is killed with the processes that its tests started.
    const child = spawn(process.execPath, [mocha, '--reporter', reporter, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    const forward = (signal) => process.kill(-child.pid, signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code, signal, timedOut });
    });
  });
}
