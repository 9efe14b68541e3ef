import { clip, oneLine, type Colours, type Output } from '../output.ts';

/** The output of examples/full-analysis.json, as far as it is shown. */
export interface Analysis {
  readonly findings: readonly Finding[];
  readonly security: Readonly<Record<string, number>>;
  readonly review: Readonly<Record<string, number>>;
  readonly compliance: Readonly<Record<string, number>>;
}

interface Finding {
  readonly severity: string;
  readonly type: string;
  readonly file: string;
  readonly line: number;
  readonly description: string;
  /** Its secrets are masked by the scanner. */
  readonly code: string;
}

/** From worst to least. */
const SEVERITIES = ['critical', 'high', 'medium', 'low'];
const REMARKS = ['errors', 'warnings', 'info'];
const VIOLATIONS = ['critical', 'warning', 'info'];
const MOST_ROWS = 15;

/** The findings, worst first, and what review and compliance counted. */
export function printAnalysis(out: Output, { findings, security, review, compliance }: Analysis): void {
  const { bold } = out.colours;
  out.line(bold(`The scan found ${security.total ?? 0}: ${counts(security, SEVERITIES)}`));
  if (findings.length > 0) printFindings(out, [...findings].sort(byRank));
  out.line();
  out.line(
    `${bold('Review')}      ${review.total ?? 0} remarks on ${review.filesReviewed ?? 0} files: ${counts(review, REMARKS)}`,
  );
  const passed = `${compliance.passed ?? 0} rules passed`;
  out.line(`${bold('Compliance')}  ${compliance.total ?? 0} violations: ${counts(compliance, VIOLATIONS)}; ${passed}`);
}

function printFindings(out: Output, findings: readonly Finding[]): void {
  const shown = findings.slice(0, MOST_ROWS);
  const room = Math.max(20, out.columns - 4 - widest(shown, ({ type }) => type) - widest(shown, placeOf) - 16);
  out.table(
    ['severity', 'kind', 'place', 'what, and the code with its secrets masked'],
    shown.map((finding) => [
      paint(out.colours, finding.severity),
      finding.type,
      placeOf(finding),
      clip(oneLine(`${finding.description}: ${finding.code}`), room),
    ]),
  );
  if (findings.length > shown.length) out.line(`… and ${findings.length - shown.length} more in the run's output`);
}

function byRank(a: Finding, b: Finding): number {
  return rank(a) - rank(b) || a.file.localeCompare(b.file) || a.line - b.line;
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

function placeOf({ file, line }: Finding): string {
  return `${oneLine(file)}:${line}`;
}

function widest(findings: readonly Finding[], text: (finding: Finding) => string): number {
  return Math.max(...findings.map((finding) => text(finding).length));
}

function paint(colours: Colours, severity: string): string {
  if (severity === 'critical') return colours.bold(colours.red(severity));
  if (severity === 'high') return colours.red(severity);
  return severity === 'medium' ? colours.yellow(severity) : colours.dim(severity);
}

function counts(summary: Readonly<Record<string, number>>, names: readonly string[]): string {
  const found = names.filter((name) => (summary[name] ?? 0) > 0);
  return found.length === 0 ? 'none' : found.map((name) => `${summary[name] ?? 0} ${name}`).join(', ');
}
