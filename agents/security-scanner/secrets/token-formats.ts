import type { Severity } from '../schemas.ts';
import { looksInvented } from './placeholder.ts';
import type { Secret } from './secret.ts';

interface Format {
  readonly rule: string;
  readonly what: string;
  readonly severity: Severity;
  readonly pattern: RegExp;
}

/** In so much random text any word turns up by chance. */
const LONG = 200;

/** Formats that can be told by their shape alone and that secretlint's preset does not know. */
const FORMATS: readonly Format[] = [
  {
    rule: 'private-key',
    what: 'Private key',
    severity: 'critical',
    // secretlint wants a long one with the right first bytes; a short or odd one is a key too
    pattern:
      /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]|["'+,])*[A-Za-z0-9+/=]{16,}[A-Za-z0-9+/=\s\\"',]*/,
  },
  {
    rule: 'aws-access-key-id',
    what: 'AWS access key id',
    severity: 'critical',
    pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  },
  { rule: 'stripe-key', what: 'Stripe key', severity: 'critical', pattern: /\b[sr]k_live_[0-9a-zA-Z]{16,}\b/ },
  { rule: 'stripe-test-key', what: 'Stripe test key', severity: 'medium', pattern: /\b[sr]k_test_[0-9a-zA-Z]{16,}\b/ },
  { rule: 'google-api-key', what: 'Google API key', severity: 'high', pattern: /\bAIza[0-9A-Za-z_-]{35}(?![\w-])/ },
  {
    rule: 'google-oauth-secret',
    what: 'Google OAuth client secret',
    severity: 'high',
    pattern: /\bGOCSPX-[\w-]{28}\b/,
  },
  { rule: 'jwt', what: 'JSON Web Token', severity: 'medium', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/ },
  { rule: 'twilio-key', what: 'Twilio API key', severity: 'high', pattern: /\bSK[0-9a-f]{32}\b/ },
  { rule: 'mailgun-key', what: 'Mailgun key', severity: 'high', pattern: /\bkey-[0-9a-f]{32}\b/ },
  { rule: 'telegram-bot-token', what: 'Telegram bot token', severity: 'high', pattern: /\b\d{8,10}:AA[\w-]{33}\b/ },
  { rule: 'pypi-token', what: 'PyPI token', severity: 'critical', pattern: /\bpypi-AgE[\w-]{50,}/ },
  {
    rule: 'azure-storage-key',
    what: 'Azure storage key',
    severity: 'critical',
    pattern: /\bAccountKey=[A-Za-z0-9+/]{86}==/,
  },
  {
    rule: 'discord-webhook',
    what: 'Discord webhook',
    severity: 'high',
    pattern: /\bhttps:\/\/discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,}/,
  },
  {
    rule: 'digitalocean-token',
    what: 'DigitalOcean token',
    severity: 'critical',
    pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/,
  },
  {
    rule: 'age-secret-key',
    what: 'age secret key',
    severity: 'critical',
    pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/,
  },
  { rule: 'rubygems-token', what: 'RubyGems token', severity: 'critical', pattern: /\brubygems_[0-9a-f]{48}\b/ },
];

/** All of them in one pass over a text: the group that matched says which it was. No pattern has groups of its own. */
const ANY_FORMAT = new RegExp(FORMATS.map(({ pattern }) => `(${pattern.source})`).join('|'), 'g');

/** Tokens of well-known services. One that says itself that it is an example is reported as low. */
export function findTokens(text: string): Secret[] {
  return [...text.matchAll(ANY_FORMAT)].flatMap((match) => {
    const format = FORMATS[match.slice(1).findIndex(Boolean)];
    return format === undefined ? [] : [toSecret(format, match)];
  });
}

function toSecret({ rule, what, severity }: Format, { 0: value, index }: RegExpExecArray): Secret {
  const invented = value.length < LONG && looksInvented(value);
  return {
    rule,
    description: `${what}${invented ? ' (looks like an example)' : ' in the source: revoke it and read it from the environment'}`,
    severity: invented ? 'low' : severity,
    confidence: invented ? 'low' : 'high',
    start: index,
    end: index + value.length,
    value,
  };
}
