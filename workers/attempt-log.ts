import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { insertLogLines } from '../sql/queries/log-lines.ts';
import type { LogLine } from './executors/executor.ts';

/** Keeps what an agent writes to stderr, while it runs, in batches. Losing the database loses lines, never the attempt. */
export interface AttemptLog {
  write(line: LogLine): void;
  /** Writes what is left. */
  end(): Promise<void>;
}

const FLUSH_MS = 300;
const MOST_WAITING = 5000;

export function openAttemptLog(
  { agentRunId, attempt }: { readonly agentRunId: string; readonly attempt: number },
  { db, hints, log }: { readonly db: Database; readonly hints: Hints; readonly log: Logger },
): AttemptLog {
  let waiting: { line: number; at: Date; text: string }[] = [];
  let lines = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await insertLogLines(db, agentRunId, attempt, batch);
      hints.publish('log', { agentRunId });
    } catch (error) {
      log.warn({ err: error, agentRunId, lines: batch.length }, 'lines of an agent were not kept');
    }
  }

  function flushSoon(): void {
    timer ??= setTimeout(() => {
      flushing = flushing.then(flush);
    }, FLUSH_MS);
  }

  return {
    write({ at, text }) {
      if (waiting.length >= MOST_WAITING) return;
      waiting.push({ line: ++lines, at, text });
      flushSoon();
    },
    async end() {
      clearTimeout(timer);
      flushing = flushing.then(flush);
      await flushing;
    },
  };
}
