/**
 * A group commit without a timer: what is waiting while a flush is under way goes with the next one. A lone item waits
 * for nobody; under load the batches grow by themselves. The loser among the options was a timer of 1–5 ms, which adds
 * its length to every step of a chain.
 */
export interface Combiner<Item, Result> {
  (item: Item): Promise<Result>;
  /** Resolves when nothing waits and no flush is under way. */
  idle(): Promise<void>;
}

export interface CombinerOptions {
  /** Most items of one flush. */
  readonly maxBatch: number;
  /** Flushes under way at once; 1 gives the largest batches. */
  readonly parallel?: number;
  /** When what waits leaves while no flush is under way. Default: right behind the code that asked for it. */
  readonly schedule?: (pump: () => void) => void;
  /** True for a failure that one of the items may have caused: each is then tried alone, so that it fails alone. */
  readonly isPoison?: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @param flush gets the items in order of arrival and answers one result each, in the same order; when it throws, every
 *   item of the batch gets the error, unless it is one that `isPoison` knows.
 */
export function createCombiner<Item, Result>(
  flush: (items: Item[]) => Promise<Result[]>,
  { maxBatch, parallel = 1, schedule = queueMicrotask, isPoison = () => false }: CombinerOptions,
): Combiner<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let underWay = 0;
  let idleListeners: (() => void)[] = [];

  async function flushOnce(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      if (batch.length > 1 && isPoison(error)) for (const one of batch) await flushOnce([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  function pump(): void {
    while (underWay < parallel && waiting.length > 0) {
      underWay++;
      void flushOnce(waiting.splice(0, maxBatch)).finally(() => {
        underWay--;
        pump();
      });
    }
    if (underWay === 0) {
      for (const listener of idleListeners) listener();
      idleListeners = [];
    }
  }

  /** What arrived together goes together. */
  let isScheduled = false;
  function pumpSoon(): void {
    if (isScheduled) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      pump();
    });
  }

  const combine = (item: Item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay < parallel) pumpSoon();
    });
  return Object.assign(combine, {
    idle: () =>
      new Promise<void>((resolve) => {
        if (underWay === 0 && waiting.length === 0) resolve();
        else idleListeners.push(resolve);
      }),
  });
}
