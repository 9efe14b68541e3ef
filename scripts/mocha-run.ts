import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './test-reporter.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOCHA = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
const REPORTER = join(ROOT, 'scripts', 'test-reporter.ts');

export interface MochaRun {
  /** Names the run in a complaint: `unit tests`. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** When it is killed, with all that it started. */
  readonly timeoutMs: number;
  /** Default: its output goes where ours goes. */
  readonly silent?: boolean;
}

/** Runs mocha in a process of its own. One that dies, hangs or finds no test counts as a failure. */
export async function runMocha(run: MochaRun): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'cctest-'));
  const outcomeFile = join(folder, 'outcome.json');
  try {
    const end = await spawnMocha({ ...run, env: { ...run.env, TEST_OUTCOME: outcomeFile } });
    const written = await readFile(outcomeFile, 'utf8').catch(() => undefined);
    return judge(run.name, end, written === undefined ? undefined : (JSON.parse(written) as Outcome));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
}

function judge(name: string, end: End, outcome: Outcome | undefined): Outcome {
  const { passed, failed, skipped } = outcome ?? { passed: 0, failed: [], skipped: [] };
  const complain = (what: string): Outcome => ({ passed, skipped, failed: [...failed, `${name}: ${what}`] });
  const how = end.signal ?? `exit code ${end.code ?? 'unknown'}`;
  if (end.timedOut) return complain('mocha did not end in time and was killed');
  if (!outcome) return complain(`mocha died (${how})`);
  if (passed + failed.length + skipped.length === 0) return complain('there was no test to run');
  if (failed.length === 0 && end.code !== 0) return complain(`mocha ended with ${how}`);
  return outcome;
}

function spawnMocha({ args, env, timeoutMs, silent = false }: MochaRun): Promise<End> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that a hanging run is killed with the processes that its tests started.
    const child = spawn(process.execPath, ['--import=tsx', MOCHA, '--reporter', REPORTER, ...args], {
      cwd: ROOT,
      env,
      stdio: silent ? 'ignore' : ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const signalGroup = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
    };
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      signalGroup('SIGKILL');
    }, timeoutMs);
    process.on('SIGINT', signalGroup).on('SIGTERM', signalGroup);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      process.off('SIGINT', signalGroup).off('SIGTERM', signalGroup);
      resolve({ code, signal, timedOut });
    });
  });
}
