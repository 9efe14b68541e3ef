/** A graph of no-op steps, each taking the outputs of its dependencies and returning a small object. */
export interface Shape {
  readonly name: string;
  readonly nodes: readonly { readonly id: string; readonly deps: readonly string[] }[];
  /** Runs of one throughput measurement. */
  readonly runs: number;
  /** What the sinks' values add up to, where every step ran once on the right inputs. */
  readonly expected: number;
}

function chain(length: number): Shape['nodes'] {
  return Array.from({ length }, (_, index) => ({ id: `n${index}`, deps: index === 0 ? [] : [`n${index - 1}`] }));
}

function fan(width: number): Shape['nodes'] {
  const middle = Array.from({ length: width }, (_, index) => `m${index}`);
  return [{ id: 'first', deps: [] }, ...middle.map((id) => ({ id, deps: ['first'] })), { id: 'last', deps: middle }];
}

function mesh(layers: number, width: number, fanIn: number): Shape['nodes'] {
  return Array.from({ length: layers * width }, (_, at) => {
    const layer = Math.floor(at / width);
    const deps = Array.from(
      { length: layer === 0 ? 0 : fanIn },
      (__, k) => `l${layer - 1}n${((at % width) + k) % width}`,
    );
    return { id: `l${layer}n${at % width}`, deps };
  });
}

/** The value of a step is 1 and the values of its dependencies; this is their sum at the sinks. */
function expectedOf(nodes: Shape['nodes']): number {
  const values = new Map<string, number>();
  for (const { id, deps } of nodes) values.set(id, 1 + deps.reduce((sum, dep) => sum + (values.get(dep) ?? 0), 0));
  const inner = new Set(nodes.flatMap(({ deps }) => deps));
  return nodes.reduce((sum, { id }) => (inner.has(id) ? sum : sum + (values.get(id) ?? 0)), 0);
}

function shape(name: string, nodes: Shape['nodes'], runs: number): Shape {
  return { name, nodes, runs, expected: expectedOf(nodes) };
}

export const SHAPES: readonly Shape[] = [
  shape('single', chain(1), 1500),
  shape('chain', chain(10), 300),
  shape('fan', fan(50), 60),
  shape('mesh', mesh(5, 10, 3), 60),
  shape('chain-100', chain(100), 30),
  shape('mesh-1000', mesh(100, 10, 3), 6),
];

/** The shape as a workflow of transforms. */
export function definitionOf({ name, nodes }: Shape) {
  return {
    name: `bench-${name}`,
    nodes: nodes.map(({ id, deps }) => ({
      id,
      transform: `{"v": 1${deps.map((dep) => ` + ${dep}.output.v`).join('')}}`,
      dependsOn: deps,
    })),
  };
}
