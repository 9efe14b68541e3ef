import type { Input } from '../schemas.ts';

/** The generic body: the message as it came, with an id that stays the same when it is sent again. */
export function composeWebhook(input: Input, messageId: string): unknown {
  const { message, title, severity, metadata, resolved } = input;
  return { id: messageId, message, title, severity, resolved, metadata };
}
