import type { AgentContext } from '../kit/index.ts';
import { DeliveryError } from './delivery-error.ts';
import type { Input } from './schemas.ts';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `implicit`: from the first byte (smtps). `starttls`: before anything else, or nothing is sent. `none`: never. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  /** PEM certificates to trust instead of the system's. */
  readonly ca: string | undefined;
  readonly login: { readonly user: string; readonly pass: string } | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * Where email goes: `smtps://user:password@host` or `smtp://…` (with STARTTLS; `?tls=none` goes without, which needs a
 * network that one trusts) from the secret, recipients from the input or secrets. Throws a DeliveryError that names what
 * is missing and shows no value.
 */
export function findMailServer(input: Input, context: AgentContext): MailServer {
  const name = input.secret ?? 'SMTP_URL';
  const text = context.secret(name);
  if (text === undefined) throw new DeliveryError(`No mail server to send to: set the secret ${name}`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw new DeliveryError(`The secret ${name} is no smtp or smtps URL (smtps://user:password@host:465)`);
  const tls = tlsOf(url, name);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls === 'implicit' ? 465 : 587) : Number(url.port),
    tls,
    ca: context.secret('SMTP_CA'),
    login: loginOf(url, context),
    from: input.from ?? required('SMTP_FROM', 'from', context),
    to:
      input.to ??
      required('SMTP_TO', 'to', context)
        .split(',')
        .map((one) => one.trim()),
  };
}

function tlsOf(url: URL, name: string): MailServer['tls'] {
  if (url.protocol === 'smtps:') return 'implicit';
  const asked = url.searchParams.get('tls') ?? 'starttls';
  if (asked === 'starttls' || asked === 'none') return asked;
  throw new DeliveryError(`The secret ${name} has an unknown tls: use starttls or none`);
}

function loginOf({ username, password }: URL, context: AgentContext): MailServer['login'] {
  if (username === '') return undefined;
  const login = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  context.hide(login.pass);
  return login;
}

function required(secret: string, field: string, context: AgentContext): string {
  const value = context.env[secret];
  if (value === undefined) throw new DeliveryError(`An email needs ${field}: pass it or set the secret ${secret}`);
  return value;
}
