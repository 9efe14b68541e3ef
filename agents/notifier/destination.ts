import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { AgentContext } from '../kit/index.ts';
import { classifyAddress } from './address.ts';
import { DeliveryError } from './deliver.ts';
import type { Input } from './schemas.ts';

/** Where to send, with the address that was checked: the connection goes there and nowhere else. */
export interface Destination {
  readonly url: URL;
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * Finds the webhook's URL (input, else the secret), resolves its host and checks every address it has. Throws a
 * DeliveryError that does not name the URL when it is missing, malformed or private.
 */
export async function findDestination(input: Input, channel: string, context: AgentContext): Promise<Destination> {
  const url = readUrl(input, channel, context);
  const addresses = await resolveHost(url.hostname.replace(/^\[|\]$/g, ''));
  const allowPrivate = context.env.NOTIFIER_ALLOW_PRIVATE === '1';
  for (const { address } of addresses) refuse(classifyAddress(address), allowPrivate);
  const [first] = addresses;
  if (first === undefined) throw new DeliveryError('The host of the webhook has no address', { retryable: true });
  return { url, address: first.address, family: first.family === 6 ? 6 : 4 };
}

function readUrl(input: Input, channel: string, context: AgentContext): URL {
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

async function resolveHost(host: string): Promise<{ address: string; family: number }[]> {
  const literal = isIP(host);
  if (literal !== 0) return [{ address: host, family: literal }];
  try {
    return await lookup(host, { all: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DeliveryError(`The host of the webhook cannot be resolved (${code})`, { retryable: true });
  }
}

function refuse(kind: ReturnType<typeof classifyAddress>, allowPrivate: boolean): void {
  if (kind === 'public' || (kind === 'private' && allowPrivate)) return;
  throw new DeliveryError(
    kind === 'private'
      ? 'The webhook points at a private address: refused (NOTIFIER_ALLOW_PRIVATE=1 allows it)'
      : 'The webhook points at a link-local or metadata address: refused',
  );
}
