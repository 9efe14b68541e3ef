import type { NodeStatus } from '../../contracts/statuses.ts';
import type { Colours } from '../output.ts';

type Paint = (text: string) => string;

const MARKS: Readonly<Record<NodeStatus, string>> = {
  PENDING: '○',
  RUNNING: '●',
  WAITING_APPROVAL: '?',
  PAUSED: '‖',
  SUCCESS: '✓',
  FAILED: '✗',
  CANCELLED: '⊘',
  SKIPPED: '–',
};

export function markOf(status: NodeStatus): string {
  return MARKS[status];
}

/** The colour of a status, wherever it is shown. */
export function paintOf(colours: Colours, status: NodeStatus): Paint {
  const paints: Readonly<Record<NodeStatus, Paint>> = {
    PENDING: colours.dim,
    RUNNING: colours.cyan,
    WAITING_APPROVAL: colours.yellow,
    PAUSED: colours.yellow,
    SUCCESS: colours.green,
    FAILED: colours.red,
    CANCELLED: colours.magenta,
    SKIPPED: colours.dim,
  };
  return paints[status];
}
