import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { classifyAddress } from './address.ts';
import { RequestFailed } from './request-failed.ts';

/** An address that may be connected to. */
export interface Target {
  readonly address: string;
  readonly family: number;
}

/**
 * Resolves a host once and checks every address that it has; connect to the one that is given back, for DNS may say
 * something else the next time.
 * @throws RequestFailed for a host without an address, one in a private network unless allowed, or one never allowed
 */
export async function resolveTarget(host: string, allowPrivate: boolean): Promise<Target> {
  const targets = await resolveHost(host);
  for (const { address } of targets) refuse(classifyAddress(address), allowPrivate);
  const [first] = targets;
  if (first === undefined) throw new RequestFailed('the host has no address', { retryable: true });
  return first;
}

async function resolveHost(host: string): Promise<Target[]> {
  const literal = isIP(host);
  if (literal !== 0) return [{ address: host, family: literal }];
  try {
    return await lookup(host, { all: true });
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new RequestFailed(`the host cannot be resolved (${code})`, { retryable: true, cause });
  }
}

function refuse(kind: ReturnType<typeof classifyAddress>, allowPrivate: boolean): void {
  if (kind === 'forbidden')
    throw new RequestFailed('a link-local or metadata address is refused', { retryable: false });
  if (kind === 'private' && !allowPrivate)
    throw new RequestFailed('a private address is refused', { retryable: false });
}
