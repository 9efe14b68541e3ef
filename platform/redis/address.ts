/**
 * The forms of REDIS_URL. Each may carry `user:password@`, and TLS as `rediss`:
 *
 *     redis://host:6379/0                                   one server, or an address that follows the primary
 *     redis+sentinel://host:26379,host:26379/name/0         the sentinels of the primary called `name`;
 *                                                           ?sentinelUsername=…&sentinelPassword=… are theirs
 *     redis+cluster://host:6379,host:6379                   some nodes of a cluster, which tell of the others
 */
export type RedisAddress = SingleAddress | SentinelAddress | ClusterAddress;

export interface SingleAddress {
  readonly kind: 'single';
  readonly url: string;
}

export interface SentinelAddress extends Credentials {
  readonly kind: 'sentinel';
  readonly hosts: readonly RedisHost[];
  readonly name: string;
  readonly database: number;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
}

export interface ClusterAddress extends Credentials {
  readonly kind: 'cluster';
  readonly hosts: readonly RedisHost[];
}

interface Credentials {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

const FORM =
  /^(?<scheme>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^@/]*)@)?(?<hosts>[^/?#]+)(?<path>\/[^?#]*)?(?:\?(?<query>.*))?$/;
const HOST = /^(?<host>\[[\da-f:.]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/i;
const SENTINEL_PORT = 26_379;
const CLUSTER_PORT = 6379;

/** @throws Error with what is wrong; never with the address, which may hold a password */
export function readRedisAddress(text: string): RedisAddress {
  const { scheme, kind, user, hosts = '', path = '', query = '' } = FORM.exec(text)?.groups ?? {};
  if (scheme === undefined) throw new Error('must be an address that starts with redis:// or rediss://');
  const common = { tls: scheme === 'rediss', ...readUser(user) };
  if (kind === 'sentinel') {
    return { kind, ...common, hosts: readHosts(hosts, SENTINEL_PORT), ...readPrimary(path), ...readSentinels(query) };
  }
  if (kind === 'cluster') {
    if (path.length > 1 || query !== '') throw new Error('must end after its hosts: a cluster has one database');
    return { kind, ...common, hosts: readHosts(hosts, CLUSTER_PORT) };
  }
  if (hosts.includes(',')) throw new Error('must name one host; several are redis+sentinel:// or redis+cluster://');
  if (!URL.canParse(text)) throw new Error('must be an address that starts with redis:// or rediss://');
  return { kind: 'single', url: text };
}

function readUser(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined || text === '') return {};
  const [username = '', ...password] = text.split(':').map(decodeURIComponent);
  return {
    ...(username !== '' && { username }),
    ...(password.length > 0 && { password: password.join(':') }),
  };
}

function readHosts(text: string, defaultPort: number): RedisHost[] {
  return text.split(',').map((part) => {
    const { host, port } = HOST.exec(part)?.groups ?? {};
    if (host === undefined || Number(port) > 65_535) throw new Error('must have hosts like host:6379,host:6379');
    return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? defaultPort : Number(port) };
  });
}

/** `/name` or `/name/0`. */
function readPrimary(path: string): { name: string; database: number } {
  const [, name, database = '0'] = /^\/([^/]+)(?:\/(\d{1,5}))?$/.exec(path) ?? [];
  if (name === undefined) throw new Error('must name the primary behind the sentinels, as in …:26379/mymaster');
  return { name: decodeURIComponent(name), database: Number(database) };
}

function readSentinels(query: string): { sentinelUsername?: string; sentinelPassword?: string } {
  const known = ['sentinelUsername', 'sentinelPassword'];
  const parameters = [...new URLSearchParams(query)];
  const unknown = parameters.find(([name]) => !known.includes(name));
  if (unknown) throw new Error(`has an unknown parameter ${unknown[0]}; there are ${known.join(' and ')}`);
  return Object.fromEntries(parameters);
}
