import { defineAgent, Failed, type AgentContext } from '../kit/index.ts';
import { compose } from './compose.ts';
import { deliver } from './deliver.ts';
import { DeliveryError } from './delivery-error.ts';
import { findDestination } from './destination.ts';
import { InputSchema, OutputSchema, type Input, type Output } from './schemas.ts';

export default defineAgent({ input: InputSchema, output: OutputSchema, run: notify });

async function notify(input: Input, context: AgentContext): Promise<Output> {
  const messageId = context.identity.idempotencyKey ?? crypto.randomUUID();
  try {
    await send(input, messageId, context);
  } catch (error) {
    throw undelivered(input, error as Error);
  }
  return { success: true, channel: input.channel, messageId, timestamp: now(), error: null };
}

async function send(input: Input, messageId: string, context: AgentContext): Promise<void> {
  if (input.channel === 'console') {
    context.log.info(input.message, { severity: input.severity, title: input.title, metadata: input.metadata });
    return;
  }
  const url = findDestination(input, input.channel, context);
  await deliver(url, compose(input.channel, input, messageId), { messageId, context });
}

function undelivered(input: Input, error: Error): Failed {
  const { message } = error;
  const output: Output = { success: false, channel: input.channel, messageId: null, timestamp: now(), error: message };
  return new Failed(message, output, { retryable: error instanceof DeliveryError && error.retryable });
}

function now(): string {
  return new Date().toISOString();
}
