import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { grantedTo } from '../../api/auth/scopes.ts';
import { routes } from '../../api/routes.ts';
import { BLOCKING_REASONS } from '../../api/runs/blocking-schema.ts';

const text = readFileSync(new URL('../../docs/API.md', import.meta.url), 'utf8');
/** The rows of all tables, cells without their padding. */
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('docs/API.md', () => {
  it('has each route with its scopes and summary, and no other', () => {
    const documented = rows
      .filter(([route]) => /^`(?:GET|POST|PUT|DELETE) /.test(route ?? ''))
      .map((cells) => cells.join(' | '));
    const declared = routes.map(({ method, path, scope, summary }) =>
      [`\`${method} ${path}\``, scope === 'public' ? 'everybody' : grantedTo(scope).join(', '), summary].join(' | '),
    );
    assert.deepEqual(documented, declared);
  });

  it('explains every reason that keeps a node from running', () => {
    const explained = new Set(
      rows.flatMap(([first]) => [...(first ?? '').matchAll(/`(\w+)`/g)].map(([, reason]) => reason)),
    );
    for (const reason of BLOCKING_REASONS) assert.ok(explained.has(reason), reason);
  });
});
