import type { Sample } from './sample.ts';

/** A string that looks random and is the same every time; made here so that the repository holds nothing that looks secret. */
function noise(
  length: number,
  alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  seed = 7,
): string {
  let state = seed * 2654435761;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return alphabet[(state >>> 8) % alphabet.length];
  }).join('');
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
const secret = (title: string, file: string, code: string): Sample => ({ title, file, type: 'secrets', code });
const fine = (title: string, file: string, code: string): Sample => ({ title, file, type: 'none', code });
const armour = (edge: string, kind: string) => `-----${edge} ${kind} KEY-----`;

export const secretSamples: readonly Sample[] = [
  secret('an AWS key id', 'a.js', `const id = "${'AK'}IA${noise(16, UPPER)}";`),
  secret('an AWS secret', 'a.py', `aws_secret_access_key = "${noise(40)}"`),
  secret('a GitHub token', 'a.ts', `const t = "${'gh'}p_${noise(36)}";`),
  secret(
    'a Slack token',
    'a.go',
    `var t = "${'xo'}xb-${noise(12, '0123456789')}-${noise(12, '0123456789')}-${noise(24)}"`,
  ),
  secret(
    'a private key',
    'key.txt',
    `${armour('BEGIN', 'RSA PRIVATE')}\n${Array.from({ length: 12 }, (_, at) => noise(64, undefined, at + 1)).join('\n')}\n${armour('END', 'RSA PRIVATE')}\n`,
  ),
  secret('a Stripe key', 'a.rb', `Stripe.api_key = "${'sk'}_live_${noise(24)}"`),
  secret('a Google key', 'a.java', `String k = "${'AI'}za${noise(35)}";`),
  secret('a password in code', 'a.py', `DB_PASSWORD = "${noise(6)}!9x"`),
  secret('a password in a configuration', 'app.yml', `db:\n  password: ${noise(12)}7\n`),
  secret('an env file', '.env', `SESSION_SECRET=${noise(32, HEX)}\n`),
  secret('a database URL', 'a.js', `const url = "postgres${'://'}app:${noise(14)}@db.acme-corp.io:5432/app";`),
  secret('an API key by name', 'a.ts', `export const config = { apiKey: "${noise(32)}" };`),
  secret('a JSON Web Token', 'a.js', `const t = "${'ey'}J${noise(30)}.${'ey'}J${noise(60)}.${noise(43)}";`),
  fine(
    'a value from the environment',
    'a.js',
    'const password = process.env.DB_PASSWORD; const apiKey = process.env["API_KEY"] ?? "";',
  ),
  fine(
    'a placeholder',
    'a.js',
    'const config = { password: "your-password-here", token: "<token>", apiKey: "changeme" };',
  ),
  fine(
    'a name of a field',
    'a.ts',
    'const passwordField = "user_password_1"; const tokenType = "Bearer2x"; const secretName = "db-credentials-v1";',
  ),
  fine(
    'a local database',
    'docker-compose.yml',
    'environment:\n  DATABASE_URL: postgres://postgres:postgres@localhost:5432/app\n',
  ),
  fine('a reference in a configuration', 'app.yml', 'password: ${DB_PASSWORD}\ntoken: {{ .Values.token }}\n'),
  fine('a checksum', 'a.js', `const sha256 = "${noise(64, HEX)}";`),
  fine(
    'a UUID and an integrity',
    'a.json',
    `{ "id": "123e4567-e89b-12d3-a456-426614174000", "integrity": "sha512-${noise(86)}==" }`,
  ),
  fine(
    'a word as a message',
    'a.ts',
    'const messages = { invalidPassword: "Password must not be empty", tokenExpired: "token_expired" };',
  ),
  fine('a type', 'a.ts', 'interface Login { password: string; token: string }'),
  secret('a password hash', 'users.txt', `admin:${'$'}2b$05$${noise(53)}`),
  secret('the login of a registry', 'config.json', `{ "auths": { "r.acme.io": { "auth": "${noise(60)}" } } }`),
  secret('an authorization header', 'call.sh', `curl -H 'Authorization: ${'Bear'}er ${noise(64)}' https://acme.io`),
  secret('a netrc', '.netrc', `machine acme.io login me password ${noise(8)}\n`),
  secret('a pgpass', '.pgpass', `db.acme.io:5432:app:me:${noise(8)}\n`),
  secret('git credentials', '.git-credentials', `https://me:${noise(20)}@git.acme.io\n`),
  secret('an element of XML', 'settings.xml', `<server><password>${noise(16)}</password></server>`),
  secret('a constant of PHP', 'config.php', `<?php define('DB_PASSWORD', '${noise(12)}');`),
  secret(
    'a Secret of Kubernetes',
    'secret.yaml',
    `apiVersion: v1\nkind: Secret\nstringData:\n  signing: ${noise(32)}\nmetadata:\n  name: app\n`,
  ),
  fine(
    'a ConfigMap of Kubernetes',
    'config.yaml',
    `apiVersion: v1\nkind: ConfigMap\ndata:\n  build: ${noise(32)}\nmetadata:\n  name: app\n`,
  ),
  fine(
    'a Secret with placeholders',
    'secret.yaml',
    `apiVersion: v1\nkind: Secret\ndata:\n  signing: ${Buffer.from('changeme').toString('base64')}\n  other: \${TOKEN}\n`,
  ),
  fine('an element that points elsewhere', 'settings.xml', '<server><password>${env.PASSWORD}</password></server>'),
];
