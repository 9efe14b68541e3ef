import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compilePlan } from '../../flows/compile.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { flowOf } from '../../flows/dispatch.ts';
import type { Plan } from '../../flows/plan.ts';
import { arbitraryDag, type Dag } from '../support/dags.ts';

const RUN = { runId: '00000000-0000-4000-8000-000000000001', epoch: 1, versionId: 1 };

function planOf({ size, edges }: Dag, kinds: readonly ('agent' | 'transform')[] = []): Plan {
  const nodes = Array.from({ length: size }, (_, index) =>
    kinds[index] === 'transform' ? { id: `n${index}`, transform: '1' } : { id: `n${index}`, agent: 'echo' },
  );
  return compilePlan(
    parseDefinition({ name: 'random', nodes, edges: edges.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` })) }),
  );
}

interface FlowLike {
  readonly queueName: string;
  readonly name: string;
  readonly data?: { readonly group?: number };
  readonly children?: readonly FlowLike[];
}

interface SimulatedJob {
  readonly job: FlowLike;
  readonly parent: SimulatedJob | undefined;
  openChildren: number;
}

/** BullMQ as flows rely on it: a job runs when its children have ended or were removed; gates end only by removal. */
class SimulatedQueues {
  readonly runnable: SimulatedJob[] = [];
  readonly gates = new Map<number, SimulatedJob>();
  jobs = 0;

  add(job: FlowLike, parent?: SimulatedJob): void {
    const entry = { job, parent, openChildren: job.children?.length ?? 0 };
    this.jobs++;
    for (const child of job.children ?? []) this.add(child, entry);
    if (job.queueName === 'gates') this.gates.set(parent?.job.data?.group ?? -1, entry);
    else if (entry.openChildren === 0) this.runnable.push(entry);
  }

  end(entry: SimulatedJob): void {
    this.jobs--;
    const { parent } = entry;
    if (parent && --parent.openChildren === 0) this.runnable.push(parent);
  }

  openGate(group: number): void {
    const gate = this.gates.get(group);
    this.gates.delete(group);
    if (gate) this.end(gate);
  }
}

/** Runs a plan on the simulated queues, picking what runs next by `choose`; returns the order in which nodes ran. */
function simulate(plan: Plan, choose: (count: number) => number): number[] {
  const queues = new SimulatedQueues();
  queues.add(flowOf(plan, RUN) as FlowLike);
  const open = new Map([...plan.groups.values()].map(({ group, dependencies }) => [group, dependencies.length]));
  const order: number[] = [];
  while (queues.runnable.length > 0) {
    const [entry] = queues.runnable.splice(choose(queues.runnable.length), 1);
    assert.ok(entry);
    const { group } = entry.job.data ?? {};
    if (group !== undefined) {
      assert.equal(open.get(group), 0, `${entry.job.name} ran before its dependencies`);
      order.push(...(plan.groups.get(group)?.nodes ?? []));
      for (const dependent of plan.groups.values()) {
        if (!dependent.dependencies.includes(group)) continue;
        const left = (open.get(dependent.group) ?? 0) - 1;
        open.set(dependent.group, left);
        if (left === 0) queues.openGate(dependent.group);
      }
    }
    queues.end(entry);
  }
  assert.equal(queues.jobs, 0, 'jobs are left in the queues');
  return order;
}

describe('the tree of jobs that stands for a graph', () => {
  it('runs every node exactly once, after all its dependencies, and leaves no job, whatever runs first', () => {
    fc.assert(
      fc.property(arbitraryDag(200), fc.infiniteStream(fc.nat()), (dag, choices) => {
        const plan = planOf(dag);
        const order = simulate(plan, (count) => (choices.next().value as number) % count);
        assert.equal(order.length, dag.size);
        const position = new Map(order.map((node, at) => [node, at]));
        for (const [from, to] of dag.edges) assert.ok((position.get(from) ?? 0) < (position.get(to) ?? 0));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the order of every edge when transforms share jobs', () => {
    const kinds = fc.array(fc.constantFrom('agent' as const, 'transform' as const), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(arbitraryDag(60), kinds, fc.infiniteStream(fc.nat()), (dag, kindOf, choices) => {
        const plan = planOf(dag, kindOf);
        const order = simulate(plan, (count) => (choices.next().value as number) % count);
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          Array.from({ length: dag.size }, (_, index) => index),
        );
        // Only the first nodes of a group depend on anything outside it, so the group waits for nothing that one of its
        // nodes does not wait for.
        for (const { nodes } of plan.groups.values()) {
          const inside = new Set(nodes);
          const outside = new Set(
            nodes.flatMap((index) => plan.nodes[index]?.dependencies ?? []).filter((index) => !inside.has(index)),
          );
          const head = plan.nodes[nodes[0] ?? 0]?.dependencies ?? [];
          for (const dependency of outside) assert.ok(head.includes(dependency));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('needs no gate for chains, for joins and for trees', () => {
    const chain = planOf({ size: 50, edges: Array.from({ length: 49 }, (_, i) => [i, i + 1] as const) });
    const join = planOf({ size: 51, edges: Array.from({ length: 50 }, (_, i) => [i, 50] as const) });
    assert.equal(chain.tree.gated.size, 0);
    assert.equal(join.tree.gated.size, 0);
  });

  it('gives a fan-out one gate for each branch but one', () => {
    const fan = planOf({
      size: 52,
      edges: Array.from(
        { length: 50 },
        (_, i) =>
          [
            [0, i + 1],
            [i + 1, 51],
          ] as const,
      ).flat() as never,
    });
    assert.equal(fan.tree.gated.size, 49);
  });
});
