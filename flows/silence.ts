import { parseMatchers } from './matchers.ts';

/** A matcher as AlertManager's API writes it. */
export type SilenceMatcher = {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
};

/**
 * What a run silences: the labels of its alert, or what the alerts of its group have in common and what its trigger asks of
 * labels, so that those that join the group later are silent too. Annotations cannot be asked for.
 */
export function silenceMatchers(
  labels: Readonly<Record<string, string>>,
  matchers: readonly string[] = [],
): SilenceMatcher[] {
  const exact = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
  const asked = matchers
    .flatMap(parseMatchers)
    .filter(({ of, name }) => of === 'labels' && !Object.hasOwn(labels, name))
    .map(({ name, value, operator }) => ({
      name,
      value,
      isRegex: operator.endsWith('~'),
      isEqual: operator.startsWith('='),
    }));
  return [...exact, ...asked];
}
