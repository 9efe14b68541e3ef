import type { Confidence, Severity } from '../schemas.ts';

/** A secret found in a text. `start` and `end` are offsets of `value`, the part that must never be shown. */
export interface Secret {
  readonly rule: string;
  readonly description: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}
