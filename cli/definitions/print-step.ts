import type { Change } from '../../api/workflows/diff.ts';
import { clip, type Output } from '../output.ts';
import type { Step } from './plan.ts';

const SIGNS = { create: '+', update: '~', delete: '-', keep: ' ' } as const;
const DONE = { create: 'created', update: 'updated', delete: 'deleted', keep: 'unchanged' } as const;
const TO_DO = {
  create: 'would be created',
  update: 'would be updated',
  delete: 'would be deleted',
  keep: 'unchanged',
} as const;
const CHANGE_SIGNS = { add: '+', remove: '-', replace: '~' } as const;

/** One line for a workflow, and with `dryRun` the differences below it. */
export function printStep(
  out: Output,
  step: Step,
  { dryRun, version }: { dryRun: boolean; version?: number | undefined },
): void {
  const said = (dryRun ? TO_DO : DONE)[step.action];
  const paint = paintOf(out, step.action);
  out.line(paint(`${SIGNS[step.action]} ${step.name} ${said}${version === undefined ? '' : ` (version ${version})`}`));
  if (dryRun && step.action === 'update') for (const change of step.changes) out.line(changeLine(out, change));
}

function changeLine(out: Output, change: Change): string {
  const sides = [
    change.op === 'add' ? [] : [shown(change.from)],
    change.op === 'remove' ? [] : [shown(change.to)],
  ].flat();
  const paint = { add: out.colours.green, remove: out.colours.red, replace: out.colours.yellow }[change.op];
  return paint(`    ${CHANGE_SIGNS[change.op]} ${change.path}  ${sides.join(' → ')}`);
}

const shown = (value: unknown): string => clip(JSON.stringify(value), 100);

function paintOf({ colours }: Output, action: Step['action']): (text: string) => string {
  return { create: colours.green, update: colours.yellow, delete: colours.red, keep: colours.dim }[action];
}

/** A step for scripts. */
export function presentStep(step: Step, version?: number) {
  return {
    name: step.name,
    action: step.action,
    ...(version !== undefined && { version }),
    ...(step.action === 'update' && { changes: step.changes }),
  };
}
