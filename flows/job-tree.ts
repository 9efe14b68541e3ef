import type { JobTree, PlanGroup } from './plan.ts';

/**
 * Chooses parents so that few groups need a gate. A group goes without one exactly when all its dependencies take it as
 * their parent, so dependents are served with the fewest dependencies first, each getting all of its own or none.
 */
export function plantTree(
  groups: ReadonlyMap<number, Pick<PlanGroup, 'group' | 'dependencies' | 'waitsForAll'>>,
): JobTree {
  const parentOf = new Map<number, number>();
  const byNeed = [...groups.values()].filter(({ dependencies }) => dependencies.length > 0);
  byNeed.sort((a, b) => a.dependencies.length - b.dependencies.length || a.group - b.group);
  for (const { group, dependencies } of byNeed) {
    if (dependencies.every((dependency) => !parentOf.has(dependency))) {
      for (const dependency of dependencies) parentOf.set(dependency, group);
    }
  }
  for (const { group, dependencies } of byNeed) {
    for (const dependency of dependencies) if (!parentOf.has(dependency)) parentOf.set(dependency, group);
  }
  const needsGate = ({ group, dependencies, waitsForAll }: Pick<PlanGroup, 'group' | 'dependencies' | 'waitsForAll'>) =>
    waitsForAll || dependencies.some((dependency) => parentOf.get(dependency) !== group);
  const gated = [...groups.values()].filter(needsGate);
  const tops = [...groups.keys()].filter((group) => !parentOf.has(group));
  const [top] = tops;
  return {
    root: tops.length === 1 && top !== undefined ? top : 'finalize',
    parentOf,
    gated: new Set(gated.map(({ group }) => group)),
  };
}
