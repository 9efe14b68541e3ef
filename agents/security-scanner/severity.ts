import { SEVERITIES, type Severity } from './schemas.ts';

/** One step down; `low` stays. */
export function lessSevere(severity: Severity): Severity {
  return SEVERITIES[SEVERITIES.indexOf(severity) + 1] ?? severity;
}
