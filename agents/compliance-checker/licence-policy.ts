import { Unretryable } from '../kit/index.ts';
import { parseExpression, satisfies } from './spdx.ts';
import type { Project } from './project.ts';

export interface LicencePolicy {
  /** When given, nothing else is accepted. */
  readonly allow?: readonly string[];
  readonly deny: readonly string[];
  /** Package name → why it is accepted all the same. */
  readonly exceptions: Readonly<Record<string, string>>;
}

export type LicenceVerdict = 'accepted' | 'denied' | 'unknown';

/** Licences that reach beyond the dependency itself, or forbid commercial use. */
const DEFAULT: LicencePolicy = {
  deny: [
    'GPL-*',
    'AGPL-*',
    'SSPL-*',
    'BUSL-*',
    'CC-BY-NC*',
    'OSL-*',
    'EUPL-*',
    'UNLICENSED',
    'Commons-Clause',
    'Elastic-2.0',
  ],
  exceptions: {},
};

/** The policy of the repository, or the default one: no strong copyleft, nothing non-commercial. */
export async function readPolicy(project: Project): Promise<LicencePolicy> {
  const path = project.input.licencePolicyPath;
  if (path === undefined) return DEFAULT;
  try {
    return { ...DEFAULT, ...(JSON.parse(await project.read(path)) as Partial<LicencePolicy>) };
  } catch (error) {
    throw new Unretryable(`The licence policy ${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Whether a dependency under `licence` (an SPDX expression) is fine. */
export function judgeLicence(licence: string | undefined, policy: LicencePolicy): LicenceVerdict {
  if (licence === undefined || licence === '') return 'unknown';
  const expression = parseExpression(licence);
  if (expression === undefined) return 'unknown';
  const accepts = (id: string, exception: string | undefined) => {
    if (policy.allow !== undefined) return matches(policy.allow, id);
    // an exception (Classpath, GCC runtime, LLVM) is there to let one link without consequences
    return exception !== undefined || !matches(policy.deny, id);
  };
  return satisfies(expression, accepts) ? 'accepted' : 'denied';
}

function matches(patterns: readonly string[], id: string): boolean {
  const name = id.toLowerCase();
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1).toLowerCase()) : name === pattern.toLowerCase(),
  );
}
