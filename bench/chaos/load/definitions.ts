import type { Random } from '../random.ts';

interface Step {
  /** How long its agent works. */
  readonly ms: number;
  readonly dependsOn?: readonly string[];
  /** Whose results it is given; all dependencies unless told otherwise. They must be steps. */
  readonly reads?: readonly string[];
  /** Executions that fail before one succeeds. */
  readonly failures?: number;
  /** Whatever else the node says. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A node whose agent writes the journal; what it gives depends on nothing but the graph. */
export function step(id: string, { ms, dependsOn = [], reads = dependsOn, failures = 0, more = {} }: Step) {
  const value = reads.map((dependency) => `{{ ${dependency}.output.by }}`).join('+');
  return { id, agent: 'journal', dependsOn, input: { journal: '{{ input.journal }}', ms, failures, value }, ...more };
}

export interface Definition {
  readonly name: string;
  readonly nodes: readonly object[];
}

type Shape = (name: string, random: Random) => Definition;

const FAST_RETRY = { attempts: 4, backoff: { type: 'fixed', delayMs: 50 } };

/** Most agents are quick; the others run long enough to be killed, stopped or left by their worker in the middle. */
function workingTime(random: Random): number {
  if (random.chance(0.7)) return random.between(0, 300);
  return random.chance(0.7) ? random.between(500, 2000) : random.between(2000, 8000);
}

const chain: Shape = (name, random) => ({
  name,
  nodes: ids(random.between(2, 6)).map((id, index, all) =>
    step(id, { ms: workingTime(random), dependsOn: index === 0 ? [] : [all[index - 1] ?? ''] }),
  ),
});

const fan: Shape = (name, random) => {
  const middle = ids(random.between(2, 6));
  return {
    name,
    nodes: [
      step('first', { ms: 20 }),
      ...middle.map((id) => step(id, { ms: workingTime(random), dependsOn: ['first'] })),
      step('last', { ms: 20, dependsOn: middle }),
    ],
  };
};

const diamond: Shape = (name, random) => ({
  name,
  nodes: [
    step('top', { ms: workingTime(random) }),
    step('left', { ms: workingTime(random), dependsOn: ['top'] }),
    step('right', { ms: workingTime(random), dependsOn: ['top'] }),
    step('bottom', { ms: workingTime(random), dependsOn: ['left', 'right'] }),
    { id: 'sum', transform: 'bottom.output.by + left.output.by', dependsOn: ['bottom', 'left'] },
  ],
});

const mesh: Shape = (name, random) => {
  const width = random.between(2, 3);
  const layers = Array.from({ length: random.between(2, 4) }, (_, layer) => ids(width).map((id) => `l${layer}${id}`));
  const nodes = layers.flatMap((layer, depth) =>
    layer.map((id) => step(id, { ms: random.between(0, 100), dependsOn: layers[depth - 1] ?? [] })),
  );
  return { name, nodes };
};

/** Transforms alone, in more than one group: the fast path of the engine. */
const glue: Shape = (name, random) => ({
  name,
  nodes: [
    { id: 'a', transform: 'input.number + 1' },
    { id: 'b', transform: 'a.output * 2', dependsOn: ['a'] },
    step('c', { ms: random.between(0, 50), dependsOn: ['b'], reads: [] }),
    { id: 'd', transform: 'b.output + 1', dependsOn: ['b', 'c'] },
  ],
});

/** Transforms in a random graph: thousands of its runs cost little, and each has as many claims and settles. */
const sums: Shape = (name, random) => {
  const all = ids(random.between(3, 9));
  const nodes = all.map((id, index) => {
    const dependsOn = all.slice(0, index).filter((_, other) => other === index - 1 || random.chance(0.3));
    const terms = ['input.number', ...dependsOn.map((dependency) => `${dependency}.output`)];
    return { id, transform: terms.join(' + '), dependsOn };
  });
  return { name, nodes };
};

/** Runs another workflow in the middle. */
const parent: Shape = (name) => ({
  name,
  nodes: [
    { id: 'call', workflow: 'glue-1', input: { journal: '{{ input.journal }}', number: '{{ input.number }}' } },
    step('after', { ms: 20, dependsOn: ['call'], reads: [] }),
  ],
});

const map: Shape = (name, random) => ({
  name,
  nodes: [
    {
      id: 'items',
      transform: `[${ids(random.between(0, 5))
        .map((id) => `"${id}"`)
        .join(', ')}]`,
    },
    step('each', { ms: 50, dependsOn: ['items'], reads: [], more: { forEach: 'items.output', maxParallel: 2 } }),
    { id: 'count', transform: 'size(each.output)', dependsOn: ['each'] },
  ],
});

const approval: Shape = (name, random) => ({
  name,
  nodes: [
    step('before', { ms: 20 }),
    step(random.chance(0.7) ? 'approved' : 'rejected', { ms: 20, dependsOn: ['before'], more: { approval: true } }),
    step('after', { ms: 20, dependsOn: ['before'], more: { finally: true } }),
  ],
});

const retries: Shape = (name, random) => ({
  name,
  nodes: [
    step('flaky', { ms: 20, failures: random.between(1, 3), more: { retry: FAST_RETRY } }),
    step('next', { ms: 20, dependsOn: ['flaky'] }),
  ],
});

const failing: Shape = (name, random) => ({
  name,
  nodes: [
    step('broken', {
      ms: 20,
      failures: 1000,
      more: { allowFailure: random.chance(0.5), retry: { ...FAST_RETRY, attempts: 2 } },
    }),
    step('skipped', { ms: 20, dependsOn: ['broken'] }),
    step('anyway', { ms: 20, dependsOn: ['broken'], more: { runIf: 'all_done' } }),
    step('cleanup', { ms: 20, more: { finally: true } }),
  ],
});

const timer: Shape = (name) => ({
  name,
  nodes: [{ id: 'pause', wait: { seconds: 1 } }, step('then', { ms: 20, dependsOn: ['pause'], reads: [] })],
});

/** Agents that a kill of their worker can hardly miss. */
const long: Shape = (name, random) => ({
  name,
  nodes: ids(3).map((id) => step(id, { ms: random.between(4000, 8000) })),
});

/** A parent comes after what it calls. */
const SHAPES: Readonly<Record<string, Shape>> = {
  sums,
  glue,
  parent,
  chain,
  fan,
  diamond,
  mesh,
  map,
  approval,
  retries,
  failing,
  timer,
  long,
};
const OF_EACH_SHAPE = [1, 2, 3];

/** Workflows of each shape, the same for the same seed. */
export function makeDefinitions(random: Random): Definition[] {
  return Object.entries(SHAPES).flatMap(([shape, make]) => OF_EACH_SHAPE.map((n) => make(`${shape}-${n}`, random)));
}

/** Whether it starts no process. */
export function isLight({ nodes }: Definition): boolean {
  return nodes.every((node) => 'transform' in node);
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index}`);
}
