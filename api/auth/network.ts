import { isIP, isIPv6 } from 'node:net';
import type { Context } from 'koa';

const IPV4_MAPPED = /^::ffff:(?=\d+\.)/i;
/** Of the eight groups of an IPv6 address, those that name the network: its holder has all addresses within. */
const NETWORK_GROUPS = 4;

/**
 * Where a request comes from. Behind a proxy that passes on what callers write into X-Forwarded-For, that may be any text: then
 * the proxy is all we know.
 */
export function addressOf({ ip, req }: Pick<Context, 'ip' | 'req'>): string {
  const plain = ip.replace(IPV4_MAPPED, '').replace(/%.*$/, '');
  return isIP(plain) === 0 ? (req.socket.remoteAddress ?? 'unknown') : ip;
}

/** What requests are counted by: an IPv4 address, or the /64 of an IPv6 one. */
export function networkOf(address: string): string {
  const plain = address.replace(IPV4_MAPPED, '');
  if (!isIPv6(plain)) return plain;
  const [left = '', right] = plain.replace(/%.*$/, '').split('::');
  const [before, after] = [groupsOf(left), groupsOf(right ?? '')];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = right === undefined ? before : [...before, ...zeros, ...after];
  return `${groups.slice(0, NETWORK_GROUPS).map(withoutZeros).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function withoutZeros(group: string): string {
  return group.toLowerCase().replace(/^0+(?=.)/, '');
}
