// `npm test [-- test/sql …]`: programs, build, servers, then mocha. The last line is `N passed, N failed[, N skipped]`.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './ensure-build.mjs';
import { runMocha } from './mocha-run.mjs';
import { ensurePrograms } from './programs.mjs';
import { startTestServers } from './test-servers.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Whole services, kills and browsers: one at a time. Everything else shares the two cores of a small machine. */
const ONE_AT_A_TIME = ['integration', 'conformance', 'chaos', 'browser', 'cli', 'ops'];
const TOTAL_MS = 9.5 * 60_000;
const TEST_FILE = /\.test\.ts$/;

const startedAt = performance.now();
const outcomes = await testAll(process.argv.slice(2)).catch((error) => [
  { passed: 0, failed: [error.stack], skipped: [] },
]);
report(outcomes);

async function testAll(folders) {
  const missing = ensurePrograms();
  await ensureBuild();
  const servers = await startTestServers();
  try {
    const runs = planRuns(await testFiles(folders.length > 0 ? folders : ['test']));
    const outcomes = [];
    for (const run of runs)
      outcomes.push(await runMocha({ root: ROOT, env: servers.env, timeoutMs: timeLeft(), ...run }));
    return outcomes;
  } finally {
    await servers.stop();
    for (const { program, debianPackage, neededFor } of missing) {
      console.log(`not installed: ${program} (Debian: ${debianPackage}), so tests of ${neededFor} are skipped`);
    }
  }
}

function planRuns(files) {
  const isSlow = (file) => ONE_AT_A_TIME.some((folder) => file.startsWith(join('test', folder)));
  const runs = [
    { name: 'unit tests', files: files.filter((file) => !isSlow(file)), options: ['--parallel', '--jobs', '2'] },
    { name: 'integration tests', files: files.filter(isSlow), options: [] },
  ].filter(({ files }) => files.length > 0);
  if (runs.length === 0) throw new Error('There is no test to run.');
  return runs.map(({ name, files, options }) => ({ name, args: [...options, ...files] }));
}

async function testFiles(paths) {
  const lists = paths.map(async (path) => {
    if (TEST_FILE.test(path)) return [path];
    const names = await readdir(join(ROOT, path), { recursive: true });
    return names
      .filter((name) => TEST_FILE.test(name) && !name.includes('node_modules'))
      .map((name) => join(path, name));
  });
  return (await Promise.all(lists)).flat().sort();
}

function timeLeft() {
  return Math.max(1000, TOTAL_MS - (performance.now() - startedAt));
}

function report(outcomes) {
  const failed = outcomes.flatMap((outcome) => outcome.failed);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  for (const title of skipped) console.log(`skipped: ${title}`);
  for (const title of failed) console.log(`failed: ${title}`);
  console.log(`tests took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  if (failed.length > 0 || passed === 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
}
