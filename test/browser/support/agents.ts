import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../../contracts/json.ts';
import type { TestAgent } from '../../support/engine.ts';

/** What a process does by itself: a worker takes in no more than 5,000 lines before it has stored some. */
const PAUSE_MS = 100;

/** Says `lines` lines, `everyMs` apart where given. */
export const chatter: TestAgent = async (input, { onLog, signal }) => {
  const { lines = 3, everyMs = 0 } = input as JsonObject & { lines?: number; everyMs?: number };
  for (let line = 1; line <= lines && !signal.aborted; line++) {
    onLog({
      at: new Date(),
      stream: 'stderr',
      text: line % 1000 === 0 ? `milestone ${line}` : `line ${line} of the work`,
    });
    const pauseMs = line % 1000 === 0 ? Math.max(everyMs, PAUSE_MS) : everyMs;
    if (pauseMs > 0) await delay(pauseMs);
  }
  return { lines };
};

export const broken: TestAgent = (_, { onLog }) => {
  onLog({ at: new Date(), stream: 'stderr', text: 'opening the archive' });
  onLog({ at: new Date(), stream: 'stderr', text: 'no space left on device' });
  throw new Error('final: the disk is full');
};
