import type { AgentContext } from '../kit/index.ts';
import { DeliveryError } from './delivery-error.ts';
import type { Input } from './schemas.ts';

/**
 * The webhook's URL: from the input, else from the secret. From then on it is masked in every log line. Throws a
 * DeliveryError that does not name it when it is missing or malformed.
 */
export function findDestination(input: Input, channel: string, context: AgentContext): URL {
  const name = input.secret ?? (channel === 'webhook' ? 'WEBHOOK_URL' : `${channel.toUpperCase()}_WEBHOOK_URL`);
  const text = input.webhookUrl ?? context.secret(name);
  if (text === undefined) throw new DeliveryError(`No address to send to: pass webhookUrl or set the secret ${name}`);
  context.hide(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new DeliveryError(`The secret ${name} is not an http or https URL`);
  }
  context.hide(url.href);
  context.hide(url.pathname + url.search);
  return url;
}
