import type { NapiConfig, SgNode } from '@ast-grep/napi';
import type { Confidence, FindingType, Severity } from '../schemas.ts';
import type { Flow, Level } from './flow.ts';
import { LEVELS } from './flow.ts';
import { isGuarded } from './guards.ts';
import { kindOf, type Call } from './shape.ts';

/** How a rule judges a place: how sure, and whether what comes from outside reaches it. */
export interface Verdict {
  readonly confidence: Confidence;
  /** True lowers the severity by one: nobody showed that an outsider controls the value. */
  readonly milder: boolean;
}

interface RuleHead {
  readonly rule: string;
  readonly type: FindingType;
  readonly severity: Severity;
  readonly description: string;
}

/** A rule about calls of certain functions. */
export interface CallRule extends RuleHead {
  readonly callee: RegExp;
  judge(call: Call, flow: Flow): Verdict | undefined;
}

/** A rule about any other kind of node. */
export interface NodeRule extends RuleHead {
  readonly matcher: NapiConfig;
  judge(node: SgNode, flow: Flow): Verdict | undefined;
}

export interface RuleSet {
  /** The rules about calls of `callee`. */
  callsOf(callee: string): readonly CallRule[];
  readonly nodes: readonly NodeRule[];
  /** False when a file cannot hold anything that the rules look for: then it is not even parsed. */
  mayMatter(source: string): boolean;
}

/** More distinct names than one file has, fewer than would matter in memory. */
const MOST_REMEMBERED = 20_000;

/** Finds the rules for a callee; most names come again and again, so the answer is remembered. */
export function indexCalls(rules: readonly CallRule[]): RuleSet['callsOf'] {
  const known = new Map<string, readonly CallRule[]>();
  return (callee) => {
    const remembered = known.get(callee);
    if (remembered !== undefined) return remembered;
    const found = rules.filter((rule) => rule.callee.test(callee));
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(callee, found);
    return found;
  };
}

export const CERTAIN: Verdict = { confidence: 'high', milder: false };
export const LIKELY: Verdict = { confidence: 'medium', milder: false };

const CONFIDENCE = { tainted: 'high', built: 'medium', unknown: 'low', derived: 'low', constant: 'low' } as const;

/** A verdict when `node` is at least as dangerous as `least` and nothing on its way made it safe for `type`. */
export function reaches(node: SgNode | undefined, flow: Flow, type: FindingType, least: Level): Verdict | undefined {
  if (node === undefined) return undefined;
  const value = flow.trace(node);
  if (value.level === 'constant' || LEVELS.indexOf(value.level) < LEVELS.indexOf(least)) return undefined;
  if (value.safeFor.has(type) || isGuarded(node, type)) return undefined;
  return { confidence: CONFIDENCE[value.level], milder: value.level !== 'tainted' };
}

/** The first verdict among several arguments. */
export function anyReaches(nodes: readonly SgNode[], flow: Flow, type: FindingType, least: Level): Verdict | undefined {
  for (const node of nodes) {
    const verdict = reaches(node, flow, type, least);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

const OUTSIDERS_NAME = /^(user_?(input|name|file|path|supplied)\w*|file_?name|upload\w*|input(_?(path|file))?)$/i;

/** A weak verdict when a path is put together from a parameter that is named as if a user chose it. */
export function suspectPath(node: SgNode | undefined, flow: Flow): Verdict | undefined {
  if (node === undefined || flow.trace(node).level !== 'built' || flow.shape(node).kind === 'call') return undefined;
  const named = node.findAll({ rule: { kind: 'identifier' } }).some((name) => OUTSIDERS_NAME.test(name.text()));
  if (!named) return undefined;
  return reaches(node, flow, 'path-traversal', 'built') && { confidence: 'low', milder: true };
}

const SQL =
  /\{\s*(\?\s*=\s*)?call\b|\b(select\b.*\bfrom\b|insert\s+into\b|update\b.*\bset\b|delete\s+from\b|drop\s+(table|database|user)\b|alter\s+table\b|create\s+(table|user|database)\b|merge\s+into\b|replace\s+into\b|union\s+(all\s+)?select\b|truncate\s+table\b|exec(ute)?\s+\w+|call\s+\w+|\bwhere\b|\border\s+by\b|\bfrom\s+\w+\s+\w+\s+where\b)/is;

/** A verdict when one of `nodes` is SQL that was put together from values. */
export function buildsSql(nodes: readonly SgNode[], flow: Flow): Verdict | undefined {
  for (const node of nodes) {
    const verdict = SQL.test(flow.trace(node).text) ? reaches(node, flow, 'sql-injection', 'built') : undefined;
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** A verdict when something from outside goes into a page as it is, alone or amid HTML. */
export function printsTainted(nodes: readonly SgNode[], flow: Flow): Verdict | undefined {
  return anyReaches(nodes, flow, 'xss', 'tainted');
}

/** The text of an argument that is constant, else undefined. */
export function constantText(node: SgNode | undefined, flow: Flow): string | undefined {
  if (node === undefined) return undefined;
  const value = flow.trace(node);
  return value.level === 'constant' ? value.text : undefined;
}

const SECURITY_NAME =
  /(token|secret|remember_?me|passw(or)?d|session|otp|nonce|salt|api_?key|csrf|reset|verif|auth|credential|invite|pin_?code|activation|(^|_)iv$|(^|_)key$|EncryptionKey)/i;

/** A verdict when `value` is made with a call that `predictable` names. */
export function comesFrom(value: SgNode | null | undefined, flow: Flow, predictable: RegExp): Verdict | undefined {
  if (value === null || value === undefined) return undefined;
  return flow.callsBehind(value).some(({ callee }) => predictable.test(callee)) ? LIKELY : undefined;
}

/** The same where the name that `assignment` gives the value to says that nobody may guess it. */
export function namesSecretFrom(assignment: SgNode, flow: Flow, predictable: RegExp): Verdict | undefined {
  const target = assignment.field('name') ?? assignment.field('left');
  if (target === null || !SECURITY_NAME.test(target.text().slice(0, 80))) return undefined;
  return comesFrom(assignment.field('value') ?? assignment.field('right'), flow, predictable);
}

/** True when the value becomes something that must not be guessed, as the names around it say. */
export function isForSecurity(node: SgNode): boolean {
  for (const ancestor of node.ancestors().slice(0, 12)) {
    const named = ancestor.field('name') ?? ancestor.field('left') ?? ancestor.field('key');
    if (named !== null && SECURITY_NAME.test(named.text().slice(0, 80))) return true;
    if (/^(function_declaration|method_definition|function_definition|method_declaration)$/.test(kindOf(ancestor)))
      return false;
  }
  return false;
}

/** Shells, as a program's name and the flag that makes its next argument a script. */
export function runsShell(call: Call, flow: Flow): boolean {
  const texts = call.args
    .flatMap((argument) => flow.itemsOf(argument))
    .map((item) => item.text())
    .join(' ');
  const first = constantText(call.args[0], flow) ?? texts;
  return (
    /\b(sh|bash|zsh|dash|cmd|cmd\.exe|powershell|pwsh)\b/.test(`${first} ${texts.slice(0, 80)}`) &&
    /["'`](-c|\/c|\/C|-Command|-lc)["'`]/.test(texts)
  );
}
