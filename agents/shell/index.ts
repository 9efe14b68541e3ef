import { Failed, defineAgent, type AgentContext } from '../kit/index.ts';
import { requireAllowed } from './allow-list.ts';
import { runCommand } from './run-command.ts';
import { InputSchema, OutputSchema, type Input, type Output } from './schemas.ts';

export default defineAgent({ input: InputSchema, output: OutputSchema, run });

async function run(input: Input, { env, log, signal }: AgentContext): Promise<Output> {
  requireAllowed(input, env.SHELL_ALLOWED_COMMANDS);
  log.info('Running', { command: input.command, args: input.args.length });
  const output = await runCommand(input, env, signal);
  signal.throwIfAborted();
  if (output.exitCode !== null && input.allowedExitCodes.includes(output.exitCode)) return output;
  throw new Failed(describe(input, output), output, { retryable: true });
}

function describe({ command, timeoutSeconds }: Input, { exitCode, signal, durationMs }: Output): string {
  if (durationMs >= timeoutSeconds * 1000) return `${command} did not end within ${String(timeoutSeconds)} s`;
  return `${command} ended with ${exitCode === null ? String(signal) : `exit code ${String(exitCode)}`}`;
}
