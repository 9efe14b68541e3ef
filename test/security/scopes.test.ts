import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { allows } from '../../api/auth/scopes.ts';
import { routes } from '../../api/routes.ts';
import { SCOPES } from '../../contracts/scopes.ts';

const rows = readFileSync(new URL('../../docs/SCOPES.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('docs/SCOPES.md', () => {
  it('says of each route which scope it asks for and which tokens have it, and names no other route', () => {
    const documented = rows.filter(([route]) => route?.startsWith('`'));
    const declared = routes.map(({ method, path, scope }) => [
      `\`${method} ${path}\``,
      scope,
      ...SCOPES.map((each) => (allows(each, scope) ? 'yes' : '–')),
    ]);
    assert.deepEqual(documented, declared);
  });

  it('leaves open to everybody only health, the login, the logout and signed links', () => {
    const open = routes.filter(({ scope }) => scope === 'public').map(({ path }) => path);
    assert.deepEqual(
      open.filter((path) => !path.startsWith('/health')),
      ['/login', '/logout', '/login/oidc', '/login/oidc/callback', '/decide/:link', '/decide/:link'],
    );
  });

  it('lets no scope that only reads change anything', () => {
    for (const { method, scope, path } of routes)
      if (method !== 'GET' && scope !== 'public')
        assert.ok(!allows('viewer', scope) && !allows('metrics', scope), path);
  });
});
