import { AppError } from '../contracts/errors.ts';

/**
 * Where a process can be made to fail on purpose: between any two steps whose order matters. FAIL_AT=claimed:3:kill makes
 * the third passage of `claimed` a kill -9 of the process itself. docs/GUARANTEES.md tells what comes of each.
 */
export const FAILPOINTS = {
  'trigger-committed': 'the run is stored, its flow is not added and nobody was answered',
  'flow-added': 'the flow is in Redis, the answer is lost',
  'job-fetched': 'a worker has a job and has asked nobody yet',
  claimed: 'the node is claimed, its agent not started',
  'agent-started': 'the agent runs',
  'agent-ended': 'the agent has ended, its output is not looked at',
  'result-parsed': 'the result is known to this process alone',
  'settle-committed': 'the result is stored, the answer is lost and nothing that follows from it is done',
  'gate-removal': 'a node became ready and its gate is still there',
  'gate-removed': 'one gate is gone, perhaps the first of several',
  'last-settled': 'the run has ended and nobody was told',
  'event-published': 'events are in JetStream and not marked as published',
  'epoch-raised': 'the run is in its next epoch, whose flow is not added',
  'cancel-written': 'the cancel is stored, nobody was told to stop',
  'migration-begun': 'a migration is noted as begun and not run',
} as const;
export type Failpoint = keyof typeof FAILPOINTS;

const ACTIONS = { kill: 'SIGKILL', stop: 'SIGSTOP', throw: null } as const;
const FORMAT = /^([a-z-]+):([1-9]\d{0,6}):(kill|stop|throw)$/;

interface Armed {
  readonly point: Failpoint;
  readonly action: keyof typeof ACTIONS;
  left: number;
}

/** Of the process, as what it does is done to the process; passing dependencies to every place would cost each a line. */
let armed: Armed | undefined;

/**
 * Arms one failpoint for this process; undefined disarms. That production refuses it is checked in platform/config.ts.
 * @param failAt `point:n:kill|stop|throw`: at the n-th passage, once
 * @throws AppError INVALID_INPUT
 */
export function armFailpoint(failAt: string | undefined): void {
  const match = failAt === undefined ? null : FORMAT.exec(failAt);
  const [, point = '', count, action] = match ?? [];
  if (failAt !== undefined && !Object.hasOwn(FAILPOINTS, point)) {
    const points = Object.keys(FAILPOINTS).join(', ');
    throw new AppError('INVALID_INPUT', `FAIL_AT must be point:n:kill|stop|throw with a point of ${points}`);
  }
  armed = match ? { point: point as Failpoint, left: Number(count), action: action as Armed['action'] } : undefined;
}

/** Passes a failpoint: nothing happens unless it is armed and this is the passage that was asked for. */
export function failpoint(point: Failpoint): void {
  if (armed?.point !== point || --armed.left > 0) return;
  const { action } = armed;
  armed = undefined;
  const signal = ACTIONS[action];
  if (signal === null) throw new Error(`failpoint ${point}`);
  process.kill(process.pid, signal);
}
