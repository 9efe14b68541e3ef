import { ERROR_CATALOGUE, type ErrorCode } from '../../../contracts/errors.ts';

export type NextStep = 'retry' | 'definition' | 'nothing';

interface Advice {
  readonly title: string;
  /** What to do now. */
  readonly advice: string;
  readonly next: NextStep;
}

const SPECIAL: Partial<Record<ErrorCode, readonly [NextStep, string]>> = {
  AGENT_REFUSED: ['retry', 'The agent says that trying again does not help by itself: change what it asks for first.'],
  AGENT_OUT_OF_MEMORY: ['retry', 'Give it less to do, or more memory (AGENT_MAX_MEMORY_MB), then retry from here.'],
  AGENT_OUTPUT_MISMATCH: [
    'retry',
    'The agent and its OutputSchema disagree: correct one of them, then retry from here.',
  ],
  AGENT_NOT_FOUND: ['definition', 'Register the agent, or name another one in the definition.'],
  TIMEOUT: ['retry', 'Find out what took so long, or raise timeoutSeconds in the definition and start anew.'],
  QUEUE_TIMEOUT: ['retry', 'No worker took it in time: start more workers, or raise queueTimeoutSeconds.'],
  WORKER_LOST: ['retry', 'Workers stopped while they ran it. If that repeats, the agent takes its worker down.'],
  EXECUTOR_UNAVAILABLE: ['retry', 'See what /health/ready says of the executor, then retry from here.'],
  TEMPLATE_ERROR: [
    'definition',
    'A retry alone gives the same: correct the template in the definition, then start anew.',
  ],
  EXPRESSION_ERROR: [
    'definition',
    'A retry alone gives the same: correct the expression in the definition, then start anew.',
  ],
  NODE_INPUT_INVALID: [
    'definition',
    'A retry alone gives the same: correct the input that the definition makes for it.',
  ],
  REJECTED: ['retry', 'Somebody decided so. A retry asks again.'],
  APPROVAL_TIMEOUT: ['retry', 'Nobody decided in time. A retry asks again.'],
  SUB_WORKFLOW_FAILED: ['retry', 'Open the run of the sub-workflow: the reason stands there.'],
  ITEMS_FAILED: ['retry', 'Open the node: the items that failed are first in its list.'],
  MANUAL: ['retry', 'An operator ended the run in the database.'],
};

/** What a code means to a reader who has never seen it, and what to do. */
export function adviceFor(code: string): Advice {
  const known = code in ERROR_CATALOGUE ? (code as ErrorCode) : undefined;
  const [next, advice] = (known && SPECIAL[known]) ?? [
    'retry',
    'Read what the node wrote last, remove the cause, then retry from here.',
  ];
  return { title: known ? ERROR_CATALOGUE[known].title : code, advice, next };
}
