import type { Session } from '../session.ts';
import { checkSources, listStored, requireSound } from './check.ts';
import { loadDefinitions } from './load.ts';
import { planSteps, takeStep, type Step } from './plan.ts';

export interface ApplyOptions {
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly onStep?: (step: Step, version: number | undefined) => void;
}

/**
 * Makes the service hold what the files say. Everything is checked before the first change.
 * @throws CliError with every problem of every file
 */
export async function applyDefinitions(
  { client, world }: Pick<Session, 'client' | 'world'>,
  paths: readonly string[],
  { prune = false, dryRun = false, onStep }: ApplyOptions = {},
): Promise<Step[]> {
  const sources = await loadDefinitions(paths, world);
  const stored = await listStored(client);
  const checked = requireSound(await checkSources(client, sources, stored));
  const steps = planSteps(checked, stored, prune);
  for (const step of steps) onStep?.(step, dryRun ? undefined : await takeStep(client, step));
  return steps;
}
