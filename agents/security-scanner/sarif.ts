import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Unretryable, isInside } from '../kit/index.ts';
import type { Finding, Severity } from './schemas.ts';

const LEVELS: Record<Severity, string> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' };
/** What code hosts sort by; their scale goes to 10. */
const SCORES: Record<Severity, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

/** Writes the findings as SARIF 2.1 to `path` inside the workspace. Throws Unretryable when a link leads outside. */
export async function writeSarif(findings: readonly Finding[], root: string, path: string): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  if (!isInside(root, await realpath(dirname(target))))
    throw new Unretryable(`sarifPath ${path} leads outside the repository`);
  await writeFile(target, `${JSON.stringify(toSarif(findings), null, 2)}\n`);
}

/** A SARIF 2.1.0 log with one run. */
export function toSarif(findings: readonly Finding[]): Record<string, unknown> {
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'commandcenter-security-scanner', version: '1.0.0', rules: rules.map(toRule) } },
        results: findings.map((finding) =>
          toResult(
            finding,
            rules.findIndex(({ rule }) => rule === finding.rule),
          ),
        ),
      },
    ],
  };
}

function toRule({ rule, description, severity, type }: Finding): unknown {
  return {
    id: rule,
    shortDescription: { text: description },
    properties: { tags: ['security', type], 'security-severity': SCORES[severity] },
  };
}

function toResult(finding: Finding, ruleIndex: number): unknown {
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVELS[finding.severity],
    message: { text: finding.description },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(finding.file), uriBaseId: '%SRCROOT%' },
          region: { startLine: finding.line, snippet: { text: finding.code } },
        },
      },
    ],
    partialFingerprints: { 'commandcenter/v1': finding.fingerprint },
  };
}
