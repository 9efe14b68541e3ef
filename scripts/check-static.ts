// `npm run check:static`: every check that does not run the program, two at a time, the output of what failed.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const CHECKS = ['typecheck', 'lint', 'format:check', 'deadcode', 'imports'];
const AT_ONCE = 2;

async function runCheck(name: string): Promise<boolean> {
  const startedAt = performance.now();
  const { ok, output } = await npmRun(name);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (!ok) console.log(output.trimEnd().replace(/^/gm, '  '));
  return ok;
}

async function npmRun(name: string): Promise<{ ok: boolean; output: string }> {
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code === 0);
    });
  });
  const [ok, ...outputs] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { ok, output: outputs.join('') };
}

const waiting = [...CHECKS];
const lanes = Array.from({ length: AT_ONCE }, async () => {
  let allOk = true;
  for (let name = waiting.shift(); name; name = waiting.shift()) allOk = (await runCheck(name)) && allOk;
  return allOk;
});
process.exitCode = (await Promise.all(lanes)).every(Boolean) ? 0 : 1;
