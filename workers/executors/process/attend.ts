import type { Masker } from '../../../platform/masker.ts';
import type { ExecutionRequest } from '../executor.ts';
import type { Ending, StopReason } from '../verdict.ts';
import type { AgentProcess } from './agent-process.ts';
import { exitOf } from './exit.ts';
import { signalGroup } from './signals.ts';
import { StderrLines } from './stderr.ts';
import { StdoutCollector } from './stdout.ts';

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 3_000;
/** Reasons that leave an agent no time: each moment makes it worse. */
const AT_ONCE: readonly StopReason[] = ['output-too-large', 'out-of-memory'];

export interface Attendance {
  readonly request: ExecutionRequest;
  readonly masker: Masker;
  /** Aborted when the worker stops for good. */
  readonly stopping: AbortSignal;
  /** Tells when the group's memory passes the limit; returns what ends the watch. */
  watchMemory(onExceeded: () => void): () => void;
}

/** Follows a started agent to its end, stopping it where its request or its limits say so. */
export async function attend(process: AgentProcess, attendance: Attendance): Promise<Ending> {
  const { request, masker, stopping, watchMemory } = attendance;
  const stopper = createStopper(process);
  const stdout = new StdoutCollector(request.maxOutputBytes, () => {
    stopper.stop('output-too-large');
  });
  const stderr = new StderrLines(masker, request);
  process.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
  });
  process.stderr.on('data', (chunk: Buffer) => {
    stderr.push(chunk);
  });

  const timer = setTimeout(() => {
    stopper.stop('timeout');
  }, request.timeoutMs);
  const endWatch = watchMemory(() => {
    stopper.stop('out-of-memory');
  });
  const endCancel = onAbort(request.signal, () => {
    stopper.stop('cancelled');
  });
  const endStopping = onAbort(stopping, () => {
    stopper.stop('stopping');
  });

  const { exitCode, signal } = await exitOf(process);
  clearTimeout(timer);
  for (const end of [endWatch, endCancel, endStopping, stopper.end]) end();
  stderr.end();
  return {
    exitCode,
    signal,
    stoppedFor: stopper.reason(),
    outOfMemory: process.group?.ranOutOfMemory() ?? false,
    stdout: stdout.text(),
    stderrTail: stderr.tail,
  };
}

/** Stops the whole group, once, for the first reason given. */
function createStopper({ pid }: AgentProcess) {
  let reason: StopReason | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    reason: () => reason,
    stop(why: StopReason): void {
      if (reason !== undefined) return;
      reason = why;
      if (AT_ONCE.includes(why)) signalGroup(pid, 'SIGKILL');
      else {
        signalGroup(pid, 'SIGTERM');
        timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS);
      }
    },
    end(): void {
      clearTimeout(timer);
    },
  };
}

function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  signal.addEventListener('abort', listener, { once: true });
  return () => {
    signal.removeEventListener('abort', listener);
  };
}
