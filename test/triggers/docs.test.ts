import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decisionSchema, triggerSchema } from '../../api/triggers/schema.ts';
import { OUTCOMES } from '../../api/webhooks/schema.ts';

describe('the page about triggers', () => {
  const page = readFileSync(new URL('../../docs/TRIGGERS.md', import.meta.url), 'utf8');
  /** What stands in the first column of its tables. */
  const named = new Set(
    [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    ),
  );
  /** Of rows that could not be read: the same everywhere, see docs/API.md. */
  const everywhere = new Set(['unreadable']);

  for (const [what, schema] of Object.entries({ triggers: triggerSchema, decisions: decisionSchema }))
    it(`has every field of ${what}`, () => {
      const missing = Object.keys(schema.shape).filter((name) => !named.has(name) && !everywhere.has(name));
      assert.deepEqual(missing, []);
    });

  it('has every outcome of an alert', () => {
    assert.deepEqual(
      OUTCOMES.filter((outcome) => !named.has(outcome)),
      [],
    );
  });
});
