import type { ChildProcess } from 'node:child_process';

/** After the exit, what was printed before it is still in the pipes; the pipes themselves may be kept open for ever. */
const QUIET_MS = 100;
const LONGEST_DRAIN_MS = 2_000;

export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The exit of a process, once its output has been read: at the close of its pipes or a short silence after the exit. */
export async function exitOf(child: ChildProcess): Promise<Exit> {
  let closed = false;
  const close = new Promise<void>((resolve) => {
    child.once('close', () => {
      closed = true;
      resolve();
    });
  });
  const exit = await exited(child);
  if (!closed) await Promise.race([close, silence(child)]);
  return exit;
}

function exited(child: ChildProcess): Promise<Exit> {
  const { exitCode, signalCode } = child;
  if (exitCode !== null || signalCode !== null) return Promise.resolve({ exitCode, signal: signalCode });
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ exitCode: code, signal });
    });
  });
}

/** Resolves when nothing has been printed for 100 ms, after 2 s at the latest. */
function silence(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const deadline = performance.now() + LONGEST_DRAIN_MS;
    let heard = false;
    const listen = () => {
      heard = true;
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
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
