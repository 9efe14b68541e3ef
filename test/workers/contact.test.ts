import assert from 'node:assert/strict';
import { createContactLog } from '../../workers/contact.ts';

describe('the contact with the database', () => {
  it('is the same while answers come, and another one after a silence', () => {
    const contact = createContactLog();
    contact.answered(1000);
    const first = contact.current;
    assert.deepEqual(first, { since: 1000, isReturn: false });
    contact.answered(2000);
    contact.answered(7000);
    assert.equal(contact.current, first, 'five seconds are no silence');
    contact.answered(12_001);
    assert.deepEqual(contact.current, { since: 12_001, isReturn: true });
  });
});
