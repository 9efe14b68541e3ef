import type { SgNode } from '@ast-grep/napi';
import type { Constant, Constants } from './constants.ts';
import { kindOf } from './shape.ts';

/** Whether code runs when what is around it does. */
export type Chance = 'always' | 'sometimes' | 'never';

const IF = /^(if_statement|elif_clause|ternary_expression|conditional_expression)$/;
const LOOP = /^(while|for|do|enhanced_for|for_in)_statement$/;
const TRY = /^try(_with_resources)?_statement$/;
const HANDLER = /^(catch_clause|except_clause|else_clause|lambda_expression|lambda|arrow_function)$/;
/** One `case`, with what follows up to the next. */
const CASE =
  /^(switch_block_statement_group|switch_rule|switch_case|switch_default|case_clause|expression_case|default_case)$/;
const LEAVES = /^(break|return|throw|continue|yield|raise)_statement$/;

/** Whether what stands in `child` runs when `parent`, around it, does. */
export function chanceOf(parent: SgNode, child: SgNode, constants: Constants): Chance {
  const kind = kindOf(parent);
  if (IF.test(kind)) return branch(parent, child, constants);
  if (CASE.test(kindOf(child))) return caseOf(child, constants);
  if (LOOP.test(kind)) return isField(parent, 'body', child) ? 'sometimes' : 'always';
  if (TRY.test(kind)) return isField(parent, 'body', child) || HANDLER.test(kindOf(child)) ? 'sometimes' : 'always';
  if (HANDLER.test(kind) && kind !== 'else_clause') return 'sometimes';
  return isShortcut(parent, child) ? 'sometimes' : 'always';
}

/** True when only one of the two children of `parent` runs: the branches of an `if`, two cases. */
export function areAlternatives(parent: SgNode, one: SgNode, other: SgNode): boolean {
  if (!IF.test(kindOf(parent))) return false;
  const branches = [one, other].map((child) => !isCondition(parent, child));
  return branches[0] === true && branches[1] === true && one.id() !== other.id();
}

function branch(parent: SgNode, child: SgNode, constants: Constants): Chance {
  if (isCondition(parent, child)) return 'always';
  const holds = constants.evaluate(conditionOf(parent));
  if (typeof holds !== 'boolean') return 'sometimes';
  return holds === isConsequence(parent, child) ? 'always' : 'never';
}

/** Python writes `a if condition else b`, without names for its parts. */
function conditionOf(parent: SgNode): SgNode | null {
  return parent.field('condition') ?? parent.namedChildren()[1] ?? null;
}

function isCondition(parent: SgNode, child: SgNode): boolean {
  return conditionOf(parent)?.id() === child.id();
}

function isConsequence(parent: SgNode, child: SgNode): boolean {
  return (parent.field('consequence') ?? parent.namedChildren()[0])?.id() === child.id();
}

function isField(parent: SgNode, name: string, child: SgNode): boolean {
  return parent.field(name)?.id() === child.id();
}

function isShortcut(parent: SgNode, child: SgNode): boolean {
  return /^(&&|\|\||\?\?|and|or)$/.test(parent.field('operator')?.text() ?? '') && isField(parent, 'right', child);
}

/** A case runs when the value is its own, or when the case before it, that runs, falls through to it. */
function caseOf(one: SgNode, constants: Constants): Chance {
  const all = (one.parent()?.namedChildren() ?? []).filter((child) => CASE.test(kindOf(child)));
  const value = subject(one, constants);
  if (value === undefined) return 'sometimes';
  const labels = all.map((each) => labelsOf(each, constants));
  if (labels.some((each) => each === undefined)) return 'sometimes';
  const chosen = labels.findIndex((each) => each?.includes(value) === true);
  const first = chosen === -1 ? labels.findIndex((each) => each?.length === 0) : chosen;
  const at = all.findIndex((each) => each.id() === one.id());
  if (first === -1 || at < first) return 'never';
  return all.slice(first, at).every(fallsThrough) ? 'always' : 'never';
}

function subject(one: SgNode, constants: Constants): Constant | undefined {
  const around = one
    .ancestors()
    .find((ancestor) => /^(switch_(expression|statement)|match_statement)$/.test(kindOf(ancestor)));
  return constants.evaluate(around?.field('condition') ?? around?.field('value') ?? around?.field('subject'));
}

/** The values of a case, none for the default; undefined when one is not known. */
function labelsOf(one: SgNode, constants: Constants): Constant[] | undefined {
  const patterns = patternsOf(one);
  if (patterns === undefined) return undefined;
  const values = patterns.map((pattern) => constants.evaluate(pattern));
  return values.every((value) => value !== undefined) ? values : undefined;
}

function patternsOf(one: SgNode): SgNode[] | undefined {
  if (one.is('switch_default')) return [];
  if (one.is('switch_case')) return [one.field('value')].filter((value) => value !== null);
  const labels = one.namedChildren().filter((child) => child.is('switch_label') || child.is('case_pattern'));
  if (labels.length === 0) return undefined;
  return labels.flatMap((label) => (/^(_|default)$/.test(label.text()) ? [] : alternatives(label)));
}

/** Python's `case 'C' | 'D'`. */
function alternatives(label: SgNode): SgNode[] {
  return label.namedChildren().flatMap((child) => (child.is('union_pattern') ? child.namedChildren() : [child]));
}

function fallsThrough(one: SgNode): boolean {
  if (/^(switch_rule|case_clause|expression_case)$/.test(kindOf(one))) return false;
  const statements = one.namedChildren().flatMap((child) => (child.is('block') ? child.namedChildren() : [child]));
  return !statements.some((statement) => LEAVES.test(kindOf(statement)));
}
