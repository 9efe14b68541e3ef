/** What a day is made of; times in seconds. */
export interface DayOptions {
  readonly runs: number;
  readonly nodesPerRun: number;
  /** Mean time of an agent; the times spread like those of real ones (log-normal). */
  readonly agentSeconds: number;
  /** Of the busiest hour against the mean; the day swings between as a sine does. */
  readonly peak: number;
  /** Agents at once, over all workers. */
  readonly slots: number;
  /** What the engine adds to each node: claim, settle, jobs. */
  readonly engineSeconds: number;
  readonly seed: number;
}

export interface DayResult {
  readonly nodes: number;
  readonly waitP50: number;
  readonly waitP95: number;
  readonly waitP99: number;
  readonly waitMax: number;
  /** Of the slots, over the day. */
  readonly utilisation: number;
  readonly mostWaiting: number;
  readonly nodesPerSecondAtPeak: number;
}

const DAY = 86_400;
/** Of the log of the agents' times: the slowest of a hundred takes eleven times as long as the median. */
const SPREAD = 1.03;
/** Waits are counted in steps of a tenth of a second up to an hour: a day of five million needs no list. */
const STEP = 0.1;
const STEPS = 36_000;

/**
 * A discrete-event simulation of a day: runs arrive at random at a rate that swings over the day, each is a chain of nodes,
 * a node takes a slot as soon as one is free (first come, first served) and holds it for its agent's time.
 */
export function simulateDay(options: DayOptions): DayResult {
  const { runs, nodesPerRun, slots, engineSeconds } = options;
  const random = createRandom(options.seed);
  const arrivals = arrivalsOf(options, random);
  const ends = createHeap();
  const queue = createQueue();
  const waits = new Uint32Array(STEPS + 1);
  let free = slots;
  let busySeconds = 0;
  let waitMax = 0;
  let mostWaiting = 0;
  let nodes = 0;
  let arrived = 0;

  function start(now: number, readyAt: number, left: number): void {
    const wait = now - readyAt;
    const held = engineSeconds + agentTime(options.agentSeconds, random);
    waits[Math.min(STEPS, Math.round(wait / STEP))]! += 1;
    waitMax = Math.max(waitMax, wait);
    nodes += 1;
    busySeconds += held;
    free -= 1;
    ends.push(now + held, left);
  }

  function ready(now: number, left: number): void {
    if (free > 0) start(now, now, left);
    else queue.push(now, left);
    mostWaiting = Math.max(mostWaiting, queue.size());
  }

  while (arrived < runs || ends.size() > 0) {
    const nextEnd = ends.size() > 0 ? ends.firstKey() : Infinity;
    const nextArrival = arrived < runs ? arrivals[arrived]! : Infinity;
    if (nextArrival <= nextEnd) {
      arrived += 1;
      ready(nextArrival, nodesPerRun - 1);
      continue;
    }
    const left = ends.pop();
    free += 1;
    const [readyAt, next] = queue.size() > 0 ? queue.shift() : [];
    if (readyAt !== undefined && next !== undefined) start(nextEnd, readyAt, next);
    if (left > 0) ready(nextEnd, left - 1);
  }
  const at = (share: number) => quantile(waits, nodes, share);
  return {
    nodes,
    ...{ waitP50: at(0.5), waitP95: at(0.95), waitP99: at(0.99), waitMax },
    utilisation: busySeconds / (slots * DAY),
    mostWaiting,
    nodesPerSecondAtPeak: ((runs * nodesPerRun) / DAY) * options.peak,
  };
}

/** Sorted times of a Poisson process whose rate swings once a day between `2 - peak` and `peak` times its mean. */
function arrivalsOf({ runs, peak }: DayOptions, random: () => number): Float64Array {
  const times = new Float64Array(runs);
  for (let index = 0; index < runs;) {
    const time = random() * DAY;
    const rate = 1 + (peak - 1) * Math.sin((time / DAY) * 2 * Math.PI);
    if (random() * peak <= rate) times[index++] = time;
  }
  return times.sort();
}

function agentTime(mean: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return mean * Math.exp(SPREAD * normal - (SPREAD * SPREAD) / 2);
}

function quantile(counts: Uint32Array, total: number, share: number): number {
  let seen = 0;
  for (const [step, count] of counts.entries()) {
    seen += count;
    if (seen >= total * share) return step * STEP;
  }
  return Infinity;
}

/** First in, first out, of pairs. */
function createQueue() {
  let items: [number, number][] = [];
  let head = 0;
  return {
    size: () => items.length - head,
    push: (at: number, left: number) => void items.push([at, left]),
    shift(): [number, number] {
      const item = items[head++]!;
      if (head > 10_000 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}

/** The smallest key first. */
function createHeap() {
  const keys: number[] = [];
  const values: number[] = [];
  const swap = (a: number, b: number) => {
    [keys[a], keys[b]] = [keys[b]!, keys[a]!];
    [values[a], values[b]] = [values[b]!, values[a]!];
  };
  return {
    size: () => keys.length,
    firstKey: () => keys[0]!,
    push(key: number, value: number) {
      let at = keys.push(key) - 1;
      values.push(value);
      for (let above = (at - 1) >> 1; at > 0 && keys[above]! > keys[at]!; above = (at - 1) >> 1) {
        swap(at, above);
        at = above;
      }
    },
    pop(): number {
      const value = values[0]!;
      swap(0, keys.length - 1);
      keys.pop();
      values.pop();
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let least = at;
        if (left < keys.length && keys[left]! < keys[least]!) least = left;
        if (right < keys.length && keys[right]! < keys[least]!) least = right;
        if (least === at) return value;
        swap(at, least);
        at = least;
      }
    },
  };
}

/** mulberry32: the same day for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
