/** A workflow of no-op steps, each taking the outputs of its dependencies and returning a small object. */
export interface Shape {
  readonly name: string;
  readonly nodes: readonly { readonly id: string; readonly deps: readonly string[]; readonly items?: number }[];
  /** Of one run: an item of a map is a step as well. */
  readonly steps: number;
  /** Runs of one throughput measurement. */
  readonly runs: number;
  /** What the values of the run's output add up to, where every step ran once on the right inputs. */
  readonly expected: number;
}

type Nodes = Shape['nodes'];

function chain(length: number): Nodes {
  return Array.from({ length }, (_, index) => ({ id: `n${index}`, deps: index === 0 ? [] : [`n${index - 1}`] }));
}

function fan(width: number): Nodes {
  const middle = Array.from({ length: width }, (_, index) => `m${index}`);
  return [{ id: 'first', deps: [] }, ...middle.map((id) => ({ id, deps: ['first'] })), { id: 'last', deps: middle }];
}

export function mesh(layers: number, width: number, fanIn: number): Nodes {
  return Array.from({ length: layers * width }, (_, at) => {
    const layer = Math.floor(at / width);
    const deps = Array.from(
      { length: layer === 0 ? 0 : fanIn },
      (__, k) => `l${layer - 1}n${((at % width) + k) % width}`,
    );
    return { id: `l${layer}n${at % width}`, deps };
  });
}

function map(items: number): Nodes {
  return [{ id: 'each', deps: [], items }];
}

/** The value of a step is 1 and the values of its dependencies; this is their sum at the sinks. */
function expectedOf(nodes: Nodes): number {
  const values = new Map<string, number>();
  for (const { id, deps, items = 1 } of nodes) {
    values.set(id, items * (1 + deps.reduce((sum, dep) => sum + (values.get(dep) ?? 0), 0)));
  }
  const inner = new Set(nodes.flatMap(({ deps }) => deps));
  return nodes.reduce((sum, { id }) => (inner.has(id) ? sum : sum + (values.get(id) ?? 0)), 0);
}

export function shape(name: string, nodes: Nodes, runs: number): Shape {
  const steps = nodes.reduce((sum, { items = 1 }) => sum + items, 0);
  return { name, nodes, steps, runs, expected: expectedOf(nodes) };
}

export const SHAPES: readonly Shape[] = [
  shape('single', chain(1), 1500),
  shape('chain', chain(10), 300),
  shape('fan', fan(50), 60),
  shape('mesh', mesh(5, 10, 3), 60),
  shape('chain-100', chain(100), 30),
  shape('mesh-1000', mesh(20, 50, 3), 6),
  shape('map-1000', map(1000), 6),
];

/** The shape as a workflow of transforms. */
export function definitionOf({ name, nodes }: Shape) {
  return {
    name: `bench-${name}`,
    nodes: nodes.map(({ id, deps, items }) => ({
      id,
      transform: `{"v": 1${deps.map((dep) => ` + ${dep}.output.v`).join('')}}`,
      dependsOn: deps,
      ...(items !== undefined && { forEach: 'input.items', maxParallel: 50 }),
    })),
  };
}

/** What the runs of the shape are given. */
export function inputOf({ nodes }: Shape): object {
  const items = nodes.find((node) => node.items !== undefined)?.items ?? 0;
  return items > 0 ? { items: Array.from({ length: items }, (_, index) => index) } : {};
}
