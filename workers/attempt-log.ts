import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { insertLogLines } from '../sql/queries/log-lines.ts';
import type { LogLine } from './executors/executor.ts';

/**
 * Keeps what an agent writes to stderr, while it runs, in batches. Lines that come faster than the database takes them,
 * or while it is away, are lost, never the attempt; the log says how many.
 */
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
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    timer = undefined;
    const [batch, missing] = [waiting, lost];
    [waiting, lost] = [[], 0];
    if (batch.length + missing === 0) return;
    if (missing > 0) lines++;
    const note = { line: lines, at: new Date(), text: `[${String(missing)} lines were not kept]` };
    try {
      await insertLogLines(db, agentRunId, attempt, missing > 0 ? [...batch, note] : batch);
      hints.publish('log', { agentRunId });
    } catch (error) {
      lost += batch.length + missing;
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
      if (waiting.length >= MOST_WAITING) lost++;
      else waiting.push({ line: ++lines, at, text });
      flushSoon();
    },
    async end() {
      clearTimeout(timer);
      flushing = flushing.then(flush);
      await flushing;
    },
  };
}
