import { finished } from 'node:stream/promises';
import type { AgentProcess } from './agent-process.ts';

/** After the exit, what was printed before it is still in the pipes; the pipes themselves may be kept open for ever. */
const QUIET_MS = 100;
const LONGEST_DRAIN_MS = 2_000;

export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The exit of a process, once its output has been read: at the end of its pipes or a short silence after the exit. */
export async function exitOf(process: AgentProcess): Promise<Exit> {
  const ends = Promise.allSettled([process.stdout, process.stderr].map((stream) => finished(stream)));
  const exit = await exited(process);
  await Promise.race([ends, silence(process)]);
  return exit;
}

function exited({ child }: AgentProcess): Promise<Exit> {
  const { exitCode, signalCode } = child;
  if (exitCode !== null || signalCode !== null) return Promise.resolve({ exitCode, signal: signalCode });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ exitCode: code, signal });
    });
  });
}

/** Resolves when nothing has been printed for 100 ms, after 2 s at the latest. */
function silence({ stdout, stderr }: AgentProcess): Promise<void> {
  return new Promise((resolve) => {
    const deadline = performance.now() + LONGEST_DRAIN_MS;
    let heard = false;
    const listen = () => {
      heard = true;
    };
    stdout.on('data', listen);
    stderr.on('data', listen);
    const wait = () => {
      heard = false;
      // a busy event loop runs timers before it reads: the answer counts only after one more round of reading
      setTimeout(() => setImmediate(decide), QUIET_MS);
    };
    const decide = () => {
      if (heard && performance.now() < deadline) wait();
      else resolve();
    };
    wait();
  });
}
