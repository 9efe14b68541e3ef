import { alertsAreAnswered } from './alerts-are-answered.ts';
import { answersAreCommitted } from './answers-are-committed.ts';
import { attemptLimit } from './attempt-limit.ts';
import { cleanRedis } from './clean-redis.ts';
import { errorsAreNamed } from './errors-are-named.ts';
import { gaplessEvents } from './gapless-events.ts';
import type { Invariant } from './invariant.ts';
import { noIdleTransaction } from './no-idle-transaction.ts';
import { noOverlap } from './no-overlap.ts';
import { nothingLeftRunning } from './nothing-left-running.ts';
import { oneResult } from './one-result.ts';
import { order } from './order.ts';
import { runStatus } from './run-status.ts';
import { sameAsTwin } from './same-as-twin.ts';
import { secretStaysSecret } from './secret-stays-secret.ts';
import { triggersEnd } from './triggers-end.ts';

/** I1 to I15. */
export const INVARIANTS: readonly Invariant[] = [
  triggersEnd,
  answersAreCommitted,
  oneResult,
  noOverlap,
  order,
  gaplessEvents,
  runStatus,
  nothingLeftRunning,
  cleanRedis,
  noIdleTransaction,
  alertsAreAnswered,
  attemptLimit,
  errorsAreNamed,
  sameAsTwin,
  secretStaysSecret,
];
