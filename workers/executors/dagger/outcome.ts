import type { ErrorCode } from '../../../contracts/errors.ts';
import type { Masker } from '../../../platform/masker.ts';
import type { ExecutionRequest } from '../executor.ts';
import { maskOutput } from '../mask-output.ts';
import { judge, type Ending, type Verdict } from '../verdict.ts';
import { adviseOnEngine, isMissingImage } from './engine-advice.ts';
import type { SessionOutcome } from './session-process.ts';

/** 128 + SIGKILL: in a container almost always the kernel's answer to too much memory, but nothing proves it. */
const KILLED = 137;
const TAIL_LENGTH = 4_096;

/** What a session's outcome means for the attempt. All text is masked. */
export function judgeOutcome(outcome: SessionOutcome, request: ExecutionRequest, masker: Masker): Verdict {
  switch (outcome.kind) {
    case 'ended':
      return judgeEnd(outcome, request, masker);
    case 'output-too-large':
      return judge({ ...NO_EXIT, stoppedFor: 'output-too-large', stdout: masker.mask(outcome.head) }, request);
    case 'stopped':
      return judge({ ...NO_EXIT, stoppedFor: outcome.reason }, request);
    case 'install-failed':
      return failed(
        'AGENT_FAILED',
        `The packages of ${request.agent.name} could not be installed (exit code ${outcome.exitCode}): ${masker.mask(outcome.stderr).trim().slice(-1_000)}`,
        true,
      );
    default:
      return judgeEngine(describeOutcome(outcome), request, masker);
  }
}

/** What an outcome that should have been another says about itself. */
export function describeOutcome(outcome: SessionOutcome): string {
  if (outcome.kind === 'install-failed') return `packages could not be installed: ${outcome.stderr.trim().slice(-500)}`;
  return 'reason' in outcome ? outcome.reason : outcome.kind;
}

export function failed(code: ErrorCode, message: string, retryable: boolean): Verdict {
  return { ok: false, code, message, retryable };
}

const NO_EXIT: Ending = { exitCode: null, signal: null, stdout: '', stderrTail: '' };

function judgeEnd(
  ended: { exitCode: number; stdout: string; stderr: string },
  request: ExecutionRequest,
  masker: Masker,
): Verdict {
  const ending: Ending = {
    exitCode: ended.exitCode,
    signal: signalOf(ended.exitCode),
    stdout: ended.stdout,
    stderrTail: masker.mask(ended.stderr).trim().slice(-TAIL_LENGTH),
  };
  const verdict = judge(ending, request);
  if (verdict.ok) return { ok: true, output: maskOutput(verdict.output, masker) };
  const masked = judge({ ...ending, stdout: masker.mask(ended.stdout) }, request);
  if (masked.ok || ended.exitCode !== KILLED || masked.code !== 'AGENT_KILLED') return masked;
  return { ...masked, message: `${masked.message}; it may have needed more memory than its engine gives` };
}

/** A container tells a signal as 128 + its number. */
function signalOf(exitCode: number): string | null {
  return SIGNALS[exitCode - 128] ?? null;
}

const SIGNALS: Readonly<Record<number, string>> = { 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' };

function judgeEngine(reason: string, { agent }: ExecutionRequest, masker: Masker): Verdict {
  const shown = masker.mask(reason);
  if (!isMissingImage(reason)) return failed('EXECUTOR_UNAVAILABLE', adviseOnEngine(shown), true);
  return failed(
    'AGENT_FAILED',
    `The image of ${agent.name} cannot be pulled: build it (npm run agents:build) or remove commandcenter.image (${shown.slice(0, 300)})`,
    false,
  );
}
