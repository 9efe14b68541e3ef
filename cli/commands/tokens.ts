import { formatAge } from '../duration.ts';
import { usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';

export const registerTokens: Register = (program, { action }) => {
  const tokens = program.command('tokens').description('who may do what');
  tokens.command('list').description('the tokens made at run time, without their secrets').action(action(list));
  tokens
    .command('create')
    .description('make a token; it is shown this once')
    .argument('<name>')
    .option('--scope <scope>', 'viewer, operator, approver, webhook, metrics or admin', 'viewer')
    .option('--expires <time>', 'when it ends: ISO 8601, or so many days (30d)')
    .action(action(create));
  tokens
    .command('rotate')
    .description('give a token a new secret; the old one ends at once')
    .argument('<token>', 'name or id')
    .action(action(rotate));
  tokens.command('revoke').description('end a token').argument('<token>', 'name or id').action(action(revoke));
};

interface Token {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly hint: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}
type FreshToken = Token & { readonly token: string };

async function list({ client, out, json }: Session): Promise<void> {
  const tokens = await client.get<Token[]>('/api/tokens');
  if (json) {
    out.json(tokens);
    return;
  }
  if (tokens.length === 0) {
    out.note('There is no token: callers on this machine are admin. The first token ends that.');
    return;
  }
  const now = Date.now();
  const rows = tokens.map(({ name, scope, hint, createdAt, expiresAt, lastUsedAt, revokedAt }) => [
    name,
    scope,
    hint,
    formatAge(createdAt, now),
    lastUsedAt === null ? 'never' : formatAge(lastUsedAt, now),
    revokedAt === null ? (expiresAt ?? '') : 'revoked',
  ]);
  out.table(['name', 'scope', 'begins', 'made', 'used', 'ends'], rows);
}

async function create(
  { client, out, json }: Session,
  { scope, expires }: { scope: string; expires?: string },
  name: string,
): Promise<void> {
  const body = { name, scope, expiresAt: expires === undefined ? undefined : readExpiry(expires) };
  show({ out, json }, await client.post<FreshToken>('/api/tokens', { body }));
}

async function rotate({ client, out, json }: Session, _: unknown, given: string): Promise<void> {
  const { id } = await findToken(client, given);
  show({ out, json }, await client.post<FreshToken>(`/api/tokens/${id}/rotate`));
}

async function revoke({ client, out, json }: Session, _: unknown, given: string): Promise<void> {
  const token = await findToken(client, given);
  await client.delete(`/api/tokens/${token.id}`);
  if (json) out.json({ id: token.id, revoked: true });
  else out.line(`${token.name} revoked`);
}

/** The secret alone on stdout, so that it can go straight into a variable. */
function show({ out, json }: Pick<Session, 'out' | 'json'>, token: FreshToken): void {
  if (json) {
    out.json(token);
    return;
  }
  out.note(`${token.name} may do what ${token.scope} may. Keep this now: it is not shown again.`);
  out.line(token.token);
}

async function findToken(client: Session['client'], given: string): Promise<Token> {
  const tokens = await client.get<Token[]>('/api/tokens');
  const token = tokens.find(({ id, name, revokedAt }) => id === given || (name === given && revokedAt === null));
  if (token) return token;
  throw usageError(`There is no token ${given}, or it is revoked: see \`commandcenter tokens list\``);
}

const DAY_MS = 86_400_000;

function readExpiry(given: string): string {
  const [, days] = /^(\d{1,5})d$/.exec(given) ?? [];
  const at = days === undefined ? Date.parse(given) : Date.now() + Number(days) * DAY_MS;
  if (Number.isNaN(at)) throw usageError(`--expires ${given} is no time: write 2030-01-31T00:00:00Z or 30d`);
  return new Date(at).toISOString();
}
