import { describeVariable, ENVIRONMENT_NAMES } from './environment.ts';

/** The prefix of the variables that hold agents' secrets: `AGENT_SECRET_SLACK_URL` is the secret `SLACK_URL`. */
export const AGENT_SECRET_PREFIX = 'AGENT_SECRET_';
/** What is shorter would blank ordinary words of the log. */
const SHORTEST_PASSWORD = 8;
/** `nats://a,nats://b`. */
const BETWEEN_ADDRESSES = /,(?=[a-z+]+:\/\/)/;
/** `redis+cluster://user:password@a:1,b:2`: a URL has one host. */
const FURTHER_HOSTS = /^([a-z+]+:\/\/(?:[^@/]*@)?[^,/?]+),[^/?]*/;

/** What the environment holds that nobody may read in a log, an error or a trace. */
export function knownSecrets(env: NodeJS.ProcessEnv): string[] {
  const ours = ENVIRONMENT_NAMES.filter((name) => describeVariable(name).secret).flatMap((name) => valuesOf(env[name]));
  const agents = Object.entries(env).filter(([name]) => name.startsWith(AGENT_SECRET_PREFIX));
  return [...ours, ...agents.flatMap(([, value]) => (value === undefined || value === '' ? [] : [value]))];
}

/** The password of an address, as it is and decoded; none where it is no more than the user's or the database's name. */
export function passwordsIn(address: string): string[] {
  return address.split(BETWEEN_ADDRESSES).flatMap((one) => passwordsOf(one.replace(FURTHER_HOSTS, '$1')));
}

function passwordsOf(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { username, password, pathname, searchParams } = new URL(address);
  const isSecret = password.length >= SHORTEST_PASSWORD && ![username, pathname.slice(1)].includes(password);
  const ofSentinels = searchParams.get('sentinelPassword') ?? '';
  return [...new Set([...(isSecret ? [password, decoded(password)] : []), ...(ofSentinels ? [ofSentinels] : [])])];
}

/** An address keeps its password, a list of `id:secret` or `name:scope:secret` what stands behind the colons, else all. */
function valuesOf(value: string | undefined): string[] {
  if (value === undefined || value === '') return [];
  if (value.includes('://')) return passwordsIn(value);
  return value.split(',').flatMap((entry) => {
    const whole = entry.trim();
    const parts = whole.split(':');
    return [0, 1, 2].map((from) => parts.slice(from).join(':')).filter((text) => text !== '');
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
