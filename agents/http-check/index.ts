import { setTimeout as delay } from 'node:timers/promises';
import { Failed, defineAgent, type AgentContext } from '../kit/index.ts';
import { attempt, type Attempt } from './attempt.ts';
import { InputSchema, OutputSchema, type Input, type Output } from './schemas.ts';

const PAUSE_MS = 1_000;

export default defineAgent({ input: InputSchema, output: OutputSchema, run: check });

async function check(input: Input, context: AgentContext): Promise<Output> {
  let attempts = 1;
  let result = await attempt(input, context);
  while (result.problems.length > 0 && attempts <= input.retries) {
    context.log.warn('The endpoint is ill, asking again', { attempts, problems: result.problems });
    await delay(PAUSE_MS, undefined, { signal: context.signal });
    result = await attempt(input, context);
    attempts++;
  }
  return verdict(input, result, attempts);
}

function verdict({ failWhenIll }: Input, result: Attempt, attempts: number): Output {
  const output: Output = { healthy: result.problems.length === 0, ...result, attempts };
  if (failWhenIll && !output.healthy) throw new Failed(output.problems.join('; '), output, { retryable: true });
  return output;
}
