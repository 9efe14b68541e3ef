import type { Json } from '../../contracts/json.ts';
import type { TestAgent } from './engine.ts';

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
