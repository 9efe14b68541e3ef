// `npm test [-- test/sql …]`: programs, build, servers, then mocha. The last line is `N passed, N failed[, N skipped]`.
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMocha, type MochaRun } from './mocha-run.ts';
import { ensurePrograms } from './programs.ts';
import type { Outcome } from './test-reporter.ts';
import { startTestServers } from './test-servers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Whole services, kills and browsers: one at a time. Everything else shares the two cores of a small machine. */
const ONE_AT_A_TIME = ['integration', 'chaos', 'browser', 'cli', 'ops'].map((name) => join('test', name));
/** The longest files of the others: begun first, or one core would wait for them at the end. */
const LONG = join('test', 'conformance');
const TEST_FILE = '.test.ts';
/** Ten minutes is the aim on a quiet machine; this is where a hang ends, on a busy one as well. */
const TOTAL_MS = 70 * 60_000;

const startedAt = performance.now();
const paths = process.argv.slice(2);
report(await testAll(paths.length > 0 ? paths : ['test']).catch((error: unknown) => [failure(error)]));

async function testAll(paths: readonly string[]): Promise<Outcome[]> {
  const missing = await ensurePrograms();
  build();
  const servers = await startTestServers(process.env);
  try {
    const outcomes: Outcome[] = [];
    for (const run of planRuns(await testFiles(paths))) {
      outcomes.push(await runMocha({ ...run, env: servers.env, timeoutMs: timeLeft() }));
    }
    return outcomes;
  } finally {
    await servers.stop();
    for (const { program, debianPackage, neededFor } of missing) {
      console.log(`not installed: ${program} (Debian: ${debianPackage}), so tests of ${neededFor} are skipped`);
    }
  }
}

/** In a process of its own, because starts use it before anything that compiles TypeScript is there. */
function build(): void {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'ensure-build.mjs')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed.');
}

function planRuns(files: readonly string[]): Pick<MochaRun, 'name' | 'args'>[] {
  const isSlow = (file: string): boolean => ONE_AT_A_TIME.some((folder) => file.startsWith(folder));
  const slow = files.filter(isSlow);
  const fast = files.filter((file) => !isSlow(file));
  fast.sort((a, b) => Number(b.startsWith(LONG)) - Number(a.startsWith(LONG)));
  if (files.length === 0) throw new Error('There is no test to run.');
  return [
    ...(fast.length > 0 ? [{ name: 'unit tests', args: ['--parallel', '--jobs', '2', ...fast] }] : []),
    ...(slow.length > 0 ? [{ name: 'integration tests', args: slow }] : []),
  ];
}

async function testFiles(paths: readonly string[]): Promise<string[]> {
  const lists = paths.map(async (path) => {
    if (path.endsWith(TEST_FILE)) return [path];
    const names = await readdir(join(ROOT, path), { recursive: true });
    return names
      .filter((name) => name.endsWith(TEST_FILE) && !name.includes('node_modules'))
      .map((name) => join(path, name));
  });
  return (await Promise.all(lists)).flat().sort();
}

function timeLeft(): number {
  return Math.max(1000, TOTAL_MS - (performance.now() - startedAt));
}

function failure(error: unknown): Outcome {
  return { passed: 0, failed: [error instanceof Error ? error.message : String(error)], skipped: [] };
}

function report(outcomes: readonly Outcome[]): void {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.flatMap((outcome) => outcome.failed);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  for (const title of skipped) console.log(`skipped: ${title}`);
  for (const title of failed) console.log(`failed: ${title}`);
  console.log(`tests took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
}
