/**
 * The state machine of runs and of their nodes. Nothing leaves a terminal status; the database enforces the same
 * with a trigger (sql/migrations), this module is what the code reads.
 */
export const RUN_STATUSES = [
  'PENDING',
  'RUNNING',
  'WAITING_APPROVAL',
  'PAUSED',
  'SUCCESS',
  'FAILED',
  'CANCELLED',
] as const;
export const NODE_STATUSES = [...RUN_STATUSES, 'SKIPPED'] as const;
export const TERMINAL_STATUSES = ['SUCCESS', 'FAILED', 'CANCELLED', 'SKIPPED'] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];
export type NodeStatus = (typeof NODE_STATUSES)[number];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

/** True when a run or node with this status never changes again. */
export function isTerminal(status: NodeStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly string[]).includes(status);
}
