/**
 * The catalogue of everything that can go wrong, one line each: a stable code, the HTTP status it becomes, and
 * whether trying again can help. Rooms throw `AppError` with a code from here; each surface (HTTP, CLI, worker)
 * turns it into its own answer in one place. `docs/ERRORS.md` lists the same codes; a test compares.
 */
export const ERROR_CATALOGUE = {
  // What a caller sent
  INVALID_INPUT: { status: 400, retryable: false, title: 'Invalid input' },
  INVALID_DEFINITION: { status: 400, retryable: false, title: 'Invalid workflow definition' },
  UNAUTHENTICATED: { status: 401, retryable: false, title: 'Authentication required' },
  FORBIDDEN: { status: 403, retryable: false, title: 'Not allowed' },
  NOT_FOUND: { status: 404, retryable: false, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: 'Method not allowed' },
  CONFLICT: { status: 409, retryable: false, title: 'Conflict' },
  PRECONDITION_FAILED: { status: 412, retryable: false, title: 'Precondition failed' },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, title: 'Payload too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, title: 'Unsupported media type' },
  RATE_LIMITED: { status: 429, retryable: true, title: 'Too many requests' },
  // What we depend on
  DATABASE_UNAVAILABLE: { status: 503, retryable: true, title: 'Database unavailable' },
  UNAVAILABLE: { status: 503, retryable: true, title: 'Service unavailable' },
  INTERNAL: { status: 500, retryable: false, title: 'Internal error' },
  // Why a node did not succeed: the agent's failures
  AGENT_FAILED: { status: 500, retryable: true, title: 'The agent exited with an error' },
  AGENT_REFUSED: { status: 500, retryable: false, title: 'The agent asked not to be retried' },
  AGENT_KILLED: { status: 500, retryable: true, title: 'The agent was killed by a signal' },
  AGENT_OUT_OF_MEMORY: { status: 500, retryable: true, title: 'The agent exceeded its memory limit' },
  AGENT_NO_OUTPUT: { status: 500, retryable: true, title: 'The agent printed no output' },
  AGENT_INVALID_OUTPUT: { status: 500, retryable: true, title: 'The output of the agent is not one line of JSON' },
  AGENT_OUTPUT_MISMATCH: { status: 500, retryable: true, title: 'The output of the agent does not fit its schema' },
  AGENT_OUTPUT_TOO_LARGE: { status: 500, retryable: false, title: 'The output of the agent is too large' },
  AGENT_NOT_FOUND: { status: 500, retryable: false, title: 'The agent is not registered' },
  TIMEOUT: { status: 500, retryable: true, title: 'Time limit exceeded' },
  QUEUE_TIMEOUT: { status: 500, retryable: false, title: 'Waited too long in the queue' },
  TOTAL_TIMEOUT: { status: 500, retryable: false, title: 'Time limit over all attempts exceeded' },
  // the infrastructure's failures
  WORKER_LOST: { status: 500, retryable: true, title: 'The worker stopped while running the node' },
  EXECUTOR_UNAVAILABLE: { status: 503, retryable: true, title: 'The executor is not available' },
  // the definition's failures
  TEMPLATE_ERROR: { status: 500, retryable: false, title: 'A template could not be resolved' },
  EXPRESSION_ERROR: { status: 500, retryable: false, title: 'An expression could not be evaluated' },
  NODE_INPUT_INVALID: {
    status: 500,
    retryable: false,
    title: 'The resolved input does not fit the schema of the agent',
  },
  // decisions
  SKIPPED_BY_RULE: { status: 500, retryable: false, title: 'The rule of the node did not hold' },
  SKIPPED_BY_CONDITION: { status: 500, retryable: false, title: 'The condition of the node was false' },
  SKIPPED_BY_OPERATOR: { status: 500, retryable: false, title: 'Skipped by an operator' },
  NODE_FAILED: { status: 500, retryable: false, title: 'A node failed' },
  ITEMS_FAILED: { status: 500, retryable: false, title: 'Some items failed' },
  SUB_WORKFLOW_FAILED: { status: 500, retryable: false, title: 'The sub-workflow failed' },
  REJECTED: { status: 500, retryable: false, title: 'Rejected by an approver' },
  APPROVAL_TIMEOUT: { status: 500, retryable: false, title: 'Nobody decided in time' },
  CANCELLED: { status: 500, retryable: false, title: 'Cancelled' },
  MANUAL: { status: 500, retryable: false, title: 'Ended by an operator in the database' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** One problem of an input: `path` in dotted form (`nodes[2].input.x`), `message` says what to do. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** An error whose meaning the whole system knows. `message` is shown to callers: no SQL, host names or secrets in it. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; problems?: readonly Problem[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }
}
