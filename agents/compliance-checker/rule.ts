import type { Project } from './project.ts';
import type { Scope, Severity } from './schemas.ts';

/** Where a rule does not hold; `line` counts from 1. */
export interface Breach {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** When this place is worse or better than the rule usually is. */
  readonly severity?: Severity;
}

export interface Rule {
  readonly id: string;
  readonly scope: Scope;
  readonly severity: Severity;
  readonly remediation: string;
  check(project: Project): Breach[] | Promise<Breach[]>;
}
