// `npm run check:static`: every check that does not run the program, two at a time, the output of what failed.
import { spawn } from 'node:child_process';

const CHECKS = ['typecheck', 'lint', 'format:check', 'deadcode', 'imports'];
const AT_ONCE = 2;

async function runCheck(name) {
  const startedAt = performance.now();
  const { code, output } = await npmRun(name);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '  '));
  return code === 0;
}

function npmRun(name) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

const waiting = [...CHECKS];
const results = [];
const lanes = Array.from({ length: AT_ONCE }, async () => {
  for (let name = waiting.shift(); name; name = waiting.shift()) results.push(await runCheck(name));
});
await Promise.all(lanes);
process.exitCode = results.every(Boolean) ? 0 : 1;
