import { setTimeout as delay } from 'node:timers/promises';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { TestAgent } from '../../support/engine.ts';

/** Agents that hold until a test lets them go. */
export interface Held {
  readonly agent: TestAgent;
  release(): void;
}

export function createHeld(): Held {
  const waiting = new Set<() => void>();
  return {
    agent: (input, { signal, onLog }) =>
      new Promise<Json>((resolve) => {
        onLog({ at: new Date(), stream: 'stderr', text: 'holding' });
        const go = (): void => {
          waiting.delete(go);
          onLog({ at: new Date(), stream: 'stderr', text: 'let go' });
          resolve(input);
        };
        waiting.add(go);
        signal.addEventListener('abort', go);
      }),
    release() {
      for (const go of waiting) go();
    },
  };
}

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
