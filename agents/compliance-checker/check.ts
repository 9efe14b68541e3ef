import { resolveWorkspace, type AgentContext } from '../kit/index.ts';
import { openProject, type Project } from './project.ts';
import type { Breach, Rule } from './rule.ts';
import { RULES } from './rules.ts';
import { writeSbom } from './sbom.ts';
import { SEVERITIES, type Input, type Output, type Severity, type Violation } from './schemas.ts';

/** Applies every rule of the scope to the repository; worst first. */
export async function check(input: Input, context: AgentContext): Promise<Output> {
  const startedAt = performance.now();
  const project = await openProject(await resolveWorkspace(input.repositoryPath), input);
  const rules = RULES.filter(({ scope }) => input.scope === 'all' || input.scope === scope);
  const violations = inOrder(await applyRules(rules, project, context));
  if (input.sbomPath !== undefined) await writeSbom(project, input.sbomPath);
  return {
    violations,
    summary: summarise(violations, rules),
    checkedFiles: project.files.length,
    checkDurationMs: Math.round(performance.now() - startedAt),
    rulesApplied: rules.map(({ id }) => id),
  };
}

async function applyRules(rules: readonly Rule[], project: Project, context: AgentContext): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const [index, rule] of rules.entries()) {
    context.signal.throwIfAborted();
    const breaches = await rule.check(project);
    violations.push(...breaches.map((breach) => toViolation(rule, breach, project.input.strictMode)));
    if (index % 10 === 9) context.progress((index + 1) / rules.length, `applied ${rule.id}`);
  }
  return violations;
}

function toViolation({ id, severity, remediation }: Rule, breach: Breach, strict: boolean): Violation {
  const actual = breach.severity ?? severity;
  return {
    rule: id,
    severity: strict ? worse(actual) : actual,
    file: breach.file,
    line: breach.line,
    message: breach.message,
    remediation,
  };
}

function worse(severity: Severity): Severity {
  return SEVERITIES[Math.max(0, SEVERITIES.indexOf(severity) - 1)] ?? severity;
}

function inOrder(violations: readonly Violation[]): Violation[] {
  const key = ({ severity, file, line, rule, message }: Violation) =>
    [SEVERITIES.indexOf(severity), file, String(line).padStart(9, '0'), rule, message].join('\0');
  return violations.toSorted((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}

function summarise(violations: readonly Violation[], rules: readonly Rule[]): Output['summary'] {
  const count = (severity: Severity) => violations.filter((violation) => violation.severity === severity).length;
  const broken = new Set(violations.map(({ rule }) => rule));
  return {
    total: violations.length,
    critical: count('critical'),
    warning: count('warning'),
    info: count('info'),
    passed: rules.filter(({ id }) => !broken.has(id)).length,
  };
}
