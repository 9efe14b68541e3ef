import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IForbiddenRuleType,
  type IViolation,
} from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const ROOMS = ['main.ts', 'agents', 'api', 'cli', 'contracts', 'flows', 'platform', 'sql', 'web', 'workers'];

const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  forbidden: IForbiddenRuleType[];
  options: ICruiseOptions;
};
const REASONS = new Map(forbidden.map(({ name, comment }) => [name, comment]));

export interface Cruise {
  /** The house's own modules that were seen. */
  readonly modules: readonly string[];
  /** One line per refused import: `rule: from -> to (reason)`. */
  readonly violations: readonly string[];
}

/** Applies the house's import rules (.dependency-cruiser.cjs) to the rooms in `root`, which has a tsconfig.json. */
export async function cruiseHouse(root: string): Promise<Cruise> {
  const { output } = await cruise(
    ROOMS.filter((room) => existsSync(join(root, room))),
    { ...options, ruleSet: { forbidden }, validate: true, baseDir: root },
    undefined,
    { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) },
  );
  const { modules, summary } = output as ICruiseResult;
  return {
    modules: modules.map(({ source }) => source).filter((source) => ROOMS.some((room) => source.startsWith(room))),
    violations: summary.violations.map(describe),
  };
}

function describe({ rule, from, to, cycle }: IViolation): string {
  const path = [from, ...(cycle?.map(({ name }) => name) ?? [to])];
  return `${rule.name}: ${path.join(' -> ')} (${REASONS.get(rule.name) ?? ''})`;
}
