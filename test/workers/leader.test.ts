import assert from 'node:assert/strict';
import { createLogger } from '../../platform/log.ts';
import { createLedLoop, type LedLoop } from '../../workers/leader.ts';
import { createLeads, type Leads } from '../../workers/leads.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger({ level: 'silent' });
const TWO = [
  { name: 'one', seconds: 30 },
  { name: 'other', seconds: 30 },
];

describe('the lead', () => {
  let database: TestDatabase;
  const loops: LedLoop[] = [];
  before(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));
  after(() => database.drop());

  const holdBoth = (leads: Leads) => Promise.all(TWO.map((lead) => leads.hold(lead)));

  it('of each name is had by one process, and by another one when it was left', async () => {
    const [first, second] = ['first', 'second'].map((holder) => createLeads(database.db, holder)) as [Leads, Leads];
    assert.deepEqual(await holdBoth(first), [true, true]);
    assert.deepEqual(await holdBoth(second), [false, false]);
    assert.deepEqual(await holdBoth(first), [true, true], 'kept');
    await first.leave('other');
    assert.deepEqual(await holdBoth(second), [false, true]);
  });

  it('goes to another process within its time when its holder is killed', async () => {
    const rounds: string[] = [];
    const startLoop = async (holder: string): Promise<LedLoop> => {
      const leads = createLeads(database.db, holder);
      const loop = createLedLoop({
        ...{ name: 'work', log, everyMs: 50, leadSeconds: 3 },
        // a killed process leaves nothing
        leads: { ...leads, leave: () => Promise.resolve() },
        round: () => {
          rounds.push(holder);
          return Promise.resolve();
        },
      });
      loops.push(loop);
      await loop.start();
      return loop;
    };
    const first = await startLoop('killed');
    await waitFor(() => rounds.length > 0, { describe: 'the first round' });
    await startLoop('heir');
    await waitFor(() => rounds.length > 3, { describe: 'more rounds' });
    assert.deepEqual(new Set(rounds), new Set(['killed']), 'one leads');
    await first.stop();
    await waitFor(() => rounds.at(-1) === 'heir', { describe: 'the heir', timeoutMs: 5000 });
  });

  it('says since when the database has been there, also to a process that followed before', async () => {
    const contacts: { since: number; isReturn: boolean }[] = [];
    const other = createLeads(database.db, 'before');
    await other.hold({ name: 'contact', seconds: 30 });
    const own = createLeads(database.db, 'after');
    let answers = 0;
    const leads: Leads = {
      ...own,
      hold: async (lead) => {
        const held = await own.hold(lead);
        answers++;
        return held;
      },
    };
    const startedAt = performance.now();
    const loop = createLedLoop({
      ...{ name: 'contact', leads, log, everyMs: 20 },
      round: (_, { contact }) => {
        contacts.push(contact);
        return Promise.resolve();
      },
    });
    loops.push(loop);
    await loop.start();
    await waitFor(() => answers > 2, { describe: 'some looks as a follower' });
    const leftAt = performance.now();
    await other.leave('contact');
    await waitFor(() => contacts.length > 0, { describe: 'a round' });
    const [contact] = contacts;
    assert.ok(contact && contact.since >= startedAt && contact.since < leftAt, 'since its first look');
    assert.equal(contact.isReturn, false);
  });
});
