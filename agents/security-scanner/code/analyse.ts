import type { SgNode } from '@ast-grep/napi';
import { parseSource } from '../../kit/syntax.ts';
import type { Confidence, FindingType, Severity } from '../schemas.ts';
import { lessSevere } from '../severity.ts';
import { Flow } from './flow.ts';
import type { Language } from './languages.ts';
import type { CallRule, NodeRule, Verdict } from './rule.ts';

/** A place in a file that breaks a rule; `line` counts from 1. */
export interface CodeIssue {
  readonly type: FindingType;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly line: number;
  readonly description: string;
  readonly rule: string;
}

type Wanted = (type: FindingType) => boolean;

/** Everything the rules of `language` find in `source`, of the given types, at most one per line and type. */
export function analyse(source: string, language: Language, wanted: Wanted): CodeIssue[] {
  if (!language.rules.mayMatter(source)) return [];
  const root = parseSource(language.syntax, source);
  const flow = new Flow(root, language.dialect, language.imports(source));
  const nodeRules = language.rules.nodes.filter(({ type }) => wanted(type));
  const issues = [...checkCalls(root, flow, language, wanted), ...checkNodes(root, flow, nodeRules)];
  return [...new Map(issues.map((issue) => [`${String(issue.line)} ${issue.type}`, issue])).values()];
}

function checkCalls(root: SgNode, flow: Flow, { dialect, rules }: Language, wanted: Wanted): CodeIssue[] {
  const kinds = [...dialect.callKinds, ...dialect.creationKinds];
  // asking for the callee by a native regular expression was tried: compiling it takes longer than asking each call
  return root.findAll({ rule: { any: kinds.map((kind) => ({ kind })) } }).flatMap((node) => {
    const candidates = rules.callsOf(flow.callee(node)).filter(({ type }) => wanted(type));
    const shape = candidates.length === 0 ? undefined : flow.shape(node);
    if (shape?.kind !== 'call') return [];
    return candidates.flatMap((rule) => {
      const verdict = rule.judge(shape.call, flow);
      return verdict === undefined ? [] : [toIssue(rule, verdict, node)];
    });
  });
}

function checkNodes(root: SgNode, flow: Flow, rules: readonly NodeRule[]): CodeIssue[] {
  return rules.flatMap((rule) =>
    root.findAll(rule.matcher).flatMap((node) => {
      const verdict = rule.judge(node, flow);
      return verdict === undefined ? [] : [toIssue(rule, verdict, node)];
    }),
  );
}

function toIssue(
  { rule, type, severity, description }: CallRule | NodeRule,
  verdict: Verdict,
  node: SgNode,
): CodeIssue {
  return {
    type,
    severity: verdict.milder ? lessSevere(severity) : severity,
    confidence: verdict.confidence,
    line: node.range().start.line + 1,
    description,
    rule,
  };
}
