import { SEVERITIES, type Issue, type Output, type Severity } from './schemas.ts';

/** Worst first, then by place: the same code always gives the same list. */
export function inOrder(issues: readonly Issue[]): Issue[] {
  const key = ({ severity, file, line, rule }: Issue) =>
    [SEVERITIES.indexOf(severity), file, String(line).padStart(9, '0'), rule].join('\0');
  return issues.toSorted((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}

export function summarise(issues: readonly Issue[]): Omit<Output['summary'], 'filesReviewed'> {
  const count = (severity: Severity) => issues.filter((issue) => issue.severity === severity).length;
  return { total: issues.length, errors: count('error'), warnings: count('warning'), info: count('info') };
}
