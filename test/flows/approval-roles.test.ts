import assert from 'node:assert/strict';
import { mayDecide } from '../../flows/approval-roles.ts';

describe('the roles of an approval', () => {
  const alice = { scope: 'approver', name: 'alice' };
  const cases: readonly [string, readonly string[], Parameters<typeof mayDecide>[1], boolean][] = [
    ['anybody who may decide, where there are none', [], alice, true],
    ['a scope', ['approver'], alice, true],
    ['a scope, said so', ['scope:approver'], alice, true],
    ['another scope', ['admin'], alice, false],
    ['a name', ['alice'], alice, true],
    ['a name, said so', ['name:alice'], alice, true],
    ['another name', ['name:bob', 'carol'], alice, false],
    ['a token that is named like a scope', ['admin'], { scope: 'approver', name: 'admin' }, false],
    ['that token by its name', ['name:admin'], { scope: 'approver', name: 'admin' }, true],
    ['a token that is named like a role', ['name:bob'], { scope: 'approver', name: 'name:bob' }, false],
    ['a name that nobody vouches for', ['name:local', 'local'], { scope: 'approver' }, false],
    ['an admin, always', ['name:bob'], { scope: 'admin', name: 'root' }, true],
  ];
  for (const [title, roles, who, may] of cases)
    it(`${may ? 'let' : 'do not let'} through ${title}`, () => {
      assert.equal(mayDecide(roles, who), may);
    });
});
