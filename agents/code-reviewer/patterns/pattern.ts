import type { NapiConfig, SgNode } from '@ast-grep/napi';
import type { Issue } from '../schemas.ts';

/** A shape in the code that often is a mistake. */
export interface Pattern {
  readonly rule: string;
  readonly type: Issue['type'];
  readonly severity: Issue['severity'];
  readonly description: string;
  readonly suggestion: string;
  readonly matcher: NapiConfig;
  /** Where the matcher is too wide. */
  readonly accept?: (node: SgNode, path: string) => boolean;
}
