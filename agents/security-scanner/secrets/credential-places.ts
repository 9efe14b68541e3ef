import { entropy, isPlaceholder, looksInvented } from './placeholder.ts';
import type { Secret } from './secret.ts';
import type { Severity } from '../schemas.ts';

/** A place where programs keep what lets them in, known by how it is written and not by how the secret looks. */
interface Place {
  readonly rule: string;
  readonly what: string;
  readonly severity: Severity;
  /** A word without which the pattern cannot match: looking for it is a hundred times cheaper. */
  readonly anchor: string;
  /** Its group `secret` is the secret. */
  readonly pattern: RegExp;
  /** Only files of these names are asked. */
  readonly file?: RegExp;
  /** Tells what stands there without being a secret; `isPlaceholder` where nothing is said. */
  readonly isHarmless?: (value: string) => boolean;
}

const PLACES: readonly Place[] = [
  {
    rule: 'password-hash',
    what: 'Password hash',
    severity: 'medium',
    anchor: '$',
    isHarmless: looksInvented,
    pattern: /(?<secret>\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|md5|argon2(?:id|i|d)|scrypt)\$[^\s:"'`;]{20,200})/g,
  },
  {
    rule: 'password-hash',
    what: 'Password hash',
    severity: 'medium',
    anchor: '{',
    pattern: /(?<secret>\{(?:SHA|SSHA|SSHA512|SHA512|PBKDF2|ARGON2)\}[A-Za-z0-9+/=$]{20,200})/g,
  },
  {
    rule: 'registry-login',
    what: 'Login of a container registry',
    severity: 'critical',
    anchor: '"auth"',
    pattern: /"auth"\s*:\s*"(?<secret>[\w+/=-]{16,2000})"/g,
  },
  {
    rule: 'authorization-header',
    what: 'Authorization header',
    severity: 'high',
    anchor: 'uthorization',
    pattern:
      /\b[aA]uthorization["']?\s*[:=,]\s*["']?(?:Bearer|Basic|token|Token|bearer|basic)\s+(?<secret>[\w+/=.~-]{16,2000})/g,
  },
  {
    rule: 'putty-key',
    what: 'Private key of PuTTY',
    severity: 'critical',
    anchor: 'Private-Lines:',
    pattern: /Private-Lines:\s*\d+\s+(?<secret>[A-Za-z0-9+/=\s]{32,20000}?)(?=\r?\nPrivate-|$)/g,
  },
  {
    rule: 'netrc-password',
    what: 'Password of a server',
    severity: 'high',
    anchor: 'machine',
    pattern: /\bmachine\s+\S+\s+login\s+\S+\s+password\s+(?<secret>\S{4,200})/g,
    isHarmless: looksReferenced,
  },
  {
    rule: 'pgpass-password',
    what: 'Password of a database',
    severity: 'high',
    anchor: ':',
    pattern: /^[^#\s:]+:(?:\d+|\*):[^:\s]+:[^:\s]+:(?<secret>\S+)$/gm,
    file: /(^|\/)\.?pgpass(\.conf)?$/,
    isHarmless: looksReferenced,
  },
  {
    rule: 'git-credentials',
    what: 'Login of a git server',
    severity: 'critical',
    anchor: '://',
    pattern: /^https?:\/\/[^\s:]+:(?<secret>\S+)@[\w.-]+\/?$/gm,
    file: /(^|\/)\.?git-credentials$/,
    isHarmless: looksReferenced,
  },
  {
    rule: 'password-element',
    what: 'Password',
    severity: 'high',
    anchor: '</',
    pattern:
      /<(?<name>[\w:.-]*(?:[pP]assw(?:or)?d|[pP]ass|[pP]assphrase|[sS]ecret\w*|[tT]oken|[aA]piKey))(?:\s[^<>]*)?>(?<secret>[^<>\s]{6,500})<\/\k<name>>/g,
  },
  {
    rule: 'defined-password',
    what: 'Password',
    severity: 'high',
    anchor: 'define',
    pattern:
      /\bdefine\(\s*(["'])\w*(?:PASSWORD|SECRET|TOKEN|_KEY|_SALT|PASS)\1\s*,\s*(["'])(?<secret>(?:(?!\2)[^\n]){5,300})\2/g,
    isHarmless: looksReferenced,
  },
];

/** In files that tell people what to write, the usual placeholders stand in the same places. */
export function findInPlaces(text: string, path: string): Secret[] {
  const places = PLACES.filter(({ anchor, file }) => text.includes(anchor) && (file === undefined || file.test(path)));
  return [...places.flatMap((place) => findIn(place, text)), ...findInKubernetesSecrets(text)];
}

function findIn(place: Place, text: string): Secret[] {
  return [...text.matchAll(place.pattern)].flatMap((match) => {
    const value = match.groups?.['secret'] ?? '';
    if ((place.isHarmless ?? isPlaceholder)(value)) return [];
    const start = match.index + match[0].lastIndexOf(value);
    return [toSecret(place, value, start)];
  });
}

/** `${PASSWORD}`, `<password>` and the like point at a secret; anything else is one where people's own words are, too. */
function looksReferenced(value: string): boolean {
  return /^[$<{%]|^\*+$/.test(value) || value.includes('...');
}

const KUBERNETES_SECRET = /^[ \t-]*kind:\s*["']?[sS]ecret["']?[ \t]*$/m;
/** One entry: `name: value` under `data:` or `stringData:`, deeper than those. */
const ENTRY =
  /^(?<indent>[ \t]+)["']?[\w.-]+["']?:[ \t]*["']?(?<secret>[^\s"'#|>&*][^\n"']{5,4000}?)["']?[ \t]*(?:#.*)?$/;

/** Whatever a Secret of Kubernetes holds; base64 is no protection. */
function findInKubernetesSecrets(text: string): Secret[] {
  if (!text.includes('ata:') || !KUBERNETES_SECRET.test(text)) return [];
  const secrets: Secret[] = [];
  let depth: number | undefined;
  let offset = 0;
  for (const line of text.split('\n')) {
    const opens = /^(?<indent>[ \t-]*)(?:stringData|data):[ \t]*$/.exec(line);
    const indent = /^[ \t-]*/.exec(line)?.[0].length ?? 0;
    if (opens !== null) depth = opens.groups?.['indent']?.length ?? 0;
    else if (depth !== undefined && line.trim() !== '' && indent <= depth) depth = undefined;
    else if (depth !== undefined) secrets.push(...entry(line, offset));
    offset += line.length + 1;
  }
  return secrets;
}

const KUBERNETES: Omit<Place, 'anchor' | 'pattern'> = {
  rule: 'kubernetes-secret',
  what: 'Value of a Kubernetes Secret',
  severity: 'high',
};

function entry(line: string, offset: number): Secret[] {
  const value = ENTRY.exec(line)?.groups?.['secret'];
  if (value === undefined || isPlaceholder(value) || isPlaceholder(decoded(value)) || entropy(value) < 2.5) return [];
  return [toSecret(KUBERNETES, value, offset + line.indexOf(value))];
}

/** What base64 hides, so that a placeholder in it is one too. */
function decoded(value: string): string {
  return /^[A-Za-z0-9+/]{4,}={0,2}$/.test(value) ? Buffer.from(value, 'base64').toString('utf8').trim() : value;
}

function toSecret({ rule, what, severity }: Omit<Place, 'anchor' | 'pattern'>, value: string, start: number): Secret {
  const invented = looksInvented(value);
  return {
    rule,
    description: `${what}${invented ? ' (looks like an example)' : ' in the source: change it and keep it elsewhere'}`,
    severity: invented ? 'low' : severity,
    confidence: invented ? 'low' : 'medium',
    start,
    end: start + value.length,
    value,
  };
}
