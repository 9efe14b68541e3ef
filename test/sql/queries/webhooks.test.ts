import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { insertWebhooks, listWebhooks, recordOutcomes, takeCooldown } from '../../../sql/queries/webhooks.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

describe('the queries of webhooks', () => {
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());

  it('give the place of a cooldown to one alert, of those that come at once too', async () => {
    const place = { workflowId: randomUUID(), fingerprint: 'f', seconds: 60 };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => takeCooldown(database.db, { ...place, identity: `${String(n)}/firing` })),
    );
    assert.equal(answers.filter(({ taken }) => taken).length, 1);
    const winner = answers.findIndex(({ taken }) => taken);
    const again = await takeCooldown(database.db, { ...place, identity: `${String(winner)}/firing` });
    assert.equal(again.taken, true, 'the same alert sent again has the place already');
    const other = await takeCooldown(database.db, { ...place, identity: 'other/firing' });
    assert.equal(other.taken, false);
    assert.ok(other.until && other.until.getTime() > Date.now());
  });

  it('give it again when the time is over', async () => {
    const place = { workflowId: randomUUID(), fingerprint: 'f', seconds: 0 };
    for (const identity of ['a', 'b'])
      assert.equal((await takeCooldown(database.db, { ...place, identity })).taken, true);
  });

  it('keep a body as it was sent, also where jsonb could not', async () => {
    const body = '{"alerts": [{"labels": {"a": "\\u0000"}}]}';
    const id = randomUUID();
    await insertWebhooks(database.db, [{ id, kind: 'alertmanager', body, sender: 'test' }]);
    await recordOutcomes(database.db, [{ webhookId: id, alerts: [{ index: 0 }] }]);
    const [row] = await listWebhooks(database.db, 'alertmanager', { limit: 1 });
    assert.ok(row?.handledAt);
    assert.equal(row.body, body);
    assert.deepEqual(row.alerts, [{ index: 0 }]);
  });
});
