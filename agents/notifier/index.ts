import { defineAgent, Failed, type AgentContext } from '../kit/index.ts';
import { composeEmail } from './channels/email.ts';
import { compose } from './compose.ts';
import { deliver } from './deliver.ts';
import { DeliveryError } from './delivery-error.ts';
import { findDestination } from './destination.ts';
import { findMailServer } from './mail-server.ts';
import { post } from './post.ts';
import { InputSchema, OutputSchema, type Input, type Output } from './schemas.ts';
import { sendMail } from './send-mail.ts';

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
  const allowPrivate = context.env.NOTIFIER_ALLOW_PRIVATE === '1';
  switch (input.channel) {
    case 'console':
      context.log.info(input.message, { severity: input.severity, title: input.title, metadata: input.metadata });
      return;
    case 'email': {
      const mail = composeEmail(input, messageId);
      const server = findMailServer(input, context);
      await deliver(() => sendMail(mail, server, { allowPrivate, context }), context);
      return;
    }
    default: {
      const url = findDestination(input, input.channel, context);
      const body = JSON.stringify(compose(input.channel, input, messageId));
      await deliver(() => post({ url, body, messageId, allowPrivate, signal: context.signal }), context);
    }
  }
}

function undelivered(input: Input, error: Error): Failed {
  const { message } = error;
  const output: Output = { success: false, channel: input.channel, messageId: null, timestamp: now(), error: message };
  return new Failed(message, output, { retryable: error instanceof DeliveryError && error.retryable });
}

function now(): string {
  return new Date().toISOString();
}
