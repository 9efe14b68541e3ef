import type { FindingType } from '../../../agents/security-scanner/schemas.ts';

/** A piece of code with a known answer: a flaw of `type`, or none at all. */
export interface Sample {
  readonly title: string;
  readonly file: string;
  readonly type: FindingType | 'none';
  readonly code: string;
}

/** Samples of one language; `flaw` is keyed by what is wrong, `fine` shows look-alikes that are not. */
export function samples(
  extension: string,
  flaws: Readonly<Partial<Record<FindingType, Readonly<Record<string, string>>>>>,
  fine: Readonly<Record<string, string>>,
): Sample[] {
  const file = `sample.${extension}`;
  const bad = Object.entries(flaws).flatMap(([type, cases]) =>
    Object.entries(cases).map(([title, code]) => ({ title, file, type: type as FindingType, code })),
  );
  return [...bad, ...Object.entries(fine).map(([title, code]) => ({ title, file, type: 'none' as const, code }))];
}
