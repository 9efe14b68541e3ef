import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  ConnectionError,
  StatementTimeoutError,
} from 'slonik';
import { AppError, type ErrorCode } from '../contracts/errors.ts';

type Meaning = readonly [code: ErrorCode, message: string];

/** What it means to a caller when a constraint refuses a row. The others are ours to respect: theirs is an INTERNAL error. */
const CONSTRAINTS: Readonly<Record<string, Meaning>> = {
  Workflow_projectId_name_key: [
    'CONFLICT',
    'A workflow of this name exists in the project: change that one, or choose another name.',
  ],
  WorkflowVersion_workflowId_version_key: [
    'CONFLICT',
    'The workflow was changed at the same time: read it again and repeat the change.',
  ],
  Agent_name_key: ['CONFLICT', 'An agent of this name is registered: change that one, or choose another name.'],
};

const DATABASE_AWAY: Meaning = ['DATABASE_UNAVAILABLE', 'The database does not answer: try again in a moment.'];
const DATABASE_BUSY: Meaning = [
  'DATABASE_UNAVAILABLE',
  'The database is too busy for this request: try again in a moment.',
];

/** SQLSTATE, whole or its class (two characters), to what a caller is told. */
const STATES: Readonly<Record<string, Meaning>> = {
  '08': DATABASE_AWAY,
  '53': DATABASE_BUSY, // no connections, memory or disk left
  '57P': DATABASE_AWAY, // shut down, crashed, starting up
  '57014': DATABASE_BUSY, // statement timeout
  '25P03': DATABASE_BUSY, // the transaction sat idle too long
  '55P03': DATABASE_BUSY, // lock not available
  '40': DATABASE_BUSY, // deadlock, serialization failure
  '25006': DATABASE_AWAY, // read-only: a standby that is being promoted
  '23505': ['CONFLICT', 'This exists already: choose another name, or change the existing one.'],
  '22P05': ['INVALID_INPUT', 'A text holds the character \\u0000, which the database cannot store: remove it.'],
};

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/**
 * Turns what a query threw into an AppError where its meaning is known, keeping the original as cause; anything else,
 * an AppError included, comes back as it is.
 */
export function toAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const meaning =
    constraintMeaning(error) ?? stateMeaning(error) ?? (isConnectionFailure(error) ? DATABASE_AWAY : undefined);
  return meaning ? new AppError(meaning[0], meaning[1], { cause: error }) : error;
}

/** True when the connection, not the statement, failed: whether a COMMIT under way took place is then unknown. */
export function isConnectionFailure(error: unknown): boolean {
  return causes(error).some(
    (cause) =>
      cause instanceof ConnectionError ||
      cause instanceof BackendTerminatedError ||
      cause instanceof BackendTerminatedUnexpectedlyError ||
      NETWORK_CODES.has(cause.code ?? '') ||
      /^(08|57P|53300)/.test(cause.code ?? '') ||
      /connection terminated|timeout expired/i.test(cause.message),
  );
}

/** True when Postgres rolled the transaction back because of others (deadlock, serialization): repeating it is safe. */
export function isDeadlock(error: unknown): boolean {
  return causes(error).some(({ code }) => code === '40P01' || code === '40001');
}

/** True when the named constraint (or, without a name, any unique one) refused a row. */
export function violates(error: unknown, constraint?: string): boolean {
  return causes(error).some((cause) =>
    constraint === undefined ? cause.code === '23505' : cause.constraint === constraint,
  );
}

function constraintMeaning(error: unknown): Meaning | undefined {
  const constraint = causes(error).find((cause) => cause.constraint)?.constraint;
  return constraint ? CONSTRAINTS[constraint] : undefined;
}

function stateMeaning(error: unknown): Meaning | undefined {
  const [code] = causes(error).flatMap((cause) => (/^[0-9A-Z]{5}$/.test(cause.code ?? '') ? [cause.code ?? ''] : []));
  if (code === undefined) return error instanceof StatementTimeoutError ? DATABASE_BUSY : undefined;
  return STATES[code] ?? STATES[code.slice(0, 3)] ?? STATES[code.slice(0, 2)];
}

interface Cause extends Error {
  readonly code?: string;
  readonly constraint?: string | null;
}

/** The error and what caused it, outermost first. */
function causes(error: unknown): Cause[] {
  const chain: Cause[] = [];
  for (let cause = error; cause instanceof Error && chain.length < 10; cause = cause.cause) chain.push(cause);
  return chain;
}
