import { SEVERITIES, type Finding, type Output, type Severity } from './schemas.ts';

/** Worst first, then by place: the same repository always gives the same list. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      compare(a.file, b.file) ||
      a.line - b.line ||
      compare(a.rule, b.rule),
  );
}

export function summarise(findings: readonly Finding[]): Output['summary'] {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    total: findings.length,
    critical: count('critical'),
    high: count('high'),
    medium: count('medium'),
    low: count('low'),
  };
}

/** By code unit, the same on every machine (a locale's order is not). */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
