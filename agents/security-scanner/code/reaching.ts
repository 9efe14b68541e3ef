import type { SgNode } from '@ast-grep/napi';
import { areAlternatives, chanceOf, type Chance } from './branches.ts';
import type { Constants } from './constants.ts';
import type { Definition } from './shape.ts';

/**
 * Those of `definitions`, given in their order, that a name at `use` may have its value from: not the ones that a later
 * one surely replaces, and none in a branch that is never taken or that excludes the use.
 */
export function reaching(use: SgNode, definitions: readonly Definition[], constants: Constants): Definition[] {
  if (definitions.length === 1) return [...definitions];
  const around = pathOf(use);
  let reached: Definition[] = [];
  for (const definition of definitions) {
    const chance = chanceBefore(definition.node, around, constants);
    if (chance === 'never') continue;
    if (chance === 'always' && !definition.appends) reached = [];
    reached.push(definition);
  }
  return reached;
}

/** True when one of `definitions` surely replaces what the name had before, as that of a parameter. */
export function isSurelyGiven(use: SgNode, definitions: readonly Definition[], constants: Constants): boolean {
  const around = pathOf(use);
  return definitions.some(({ appends, node }) => !appends && chanceBefore(node, around, constants) === 'always');
}

/** The way from a node up to the file: each node around it, and through which of its children one gets to it. */
type Path = ReadonlyMap<number, SgNode>;

/** Of every node around `node` (itself included) the child that leads to it. */
export function pathOf(node: SgNode): Path {
  const path = new Map<number, SgNode>([[node.id(), node]]);
  let child = node;
  for (const ancestor of node.ancestors()) {
    path.set(ancestor.id(), child);
    child = ancestor;
  }
  return path;
}

/** Whether `before` has run when the place with the path `around` is reached, later in the same function. */
export function chanceBefore(before: SgNode, around: Path, constants: Constants): Chance {
  let chance: Chance = 'always';
  let child = before;
  if (around.has(before.id())) return 'always';
  for (const parent of before.ancestors()) {
    const towards = around.get(parent.id());
    if (towards !== undefined && areAlternatives(parent, child, towards)) return 'never';
    chance = worse(chance, chanceOf(parent, child, constants));
    if (chance === 'never' || towards !== undefined) return chance;
    child = parent;
  }
  return chance;
}

function worse(one: Chance, other: Chance): Chance {
  if (one === 'never' || other === 'never') return 'never';
  return one === 'sometimes' || other === 'sometimes' ? 'sometimes' : 'always';
}
