import assert from 'node:assert/strict';
import { joinPages } from '../../web/pages/runs/join-pages.ts';

/** The newest first, as the service lists them; the times are the numbers. */
const page = (numbers: readonly number[], cursor?: string) => ({
  rows: numbers.map((number) => ({ id: String(number), createdAt: new Date(number * 1000).toISOString() })),
  cursor,
});
const joined = (...pages: Parameters<typeof joinPages>) => {
  const { rows, cursor } = joinPages(...pages);
  return [rows.map(({ id }) => Number(id)), cursor];
};

describe('pages of runs that are joined', () => {
  it('are the newest one alone while no other is held', () => {
    assert.deepEqual(joined(page([9, 8, 7], 'after 7'), undefined), [[9, 8, 7], 'after 7']);
  });

  it('keep what new runs have pushed off the newest page, and show each run once', () => {
    assert.deepEqual(joined(page([11, 10, 9], 'after 9'), page([9, 8, 7, 6], 'after 6')), [
      [11, 10, 9, 8, 7, 6],
      'after 6',
    ]);
  });

  it('leave out what the newest page would have if it still fitted', () => {
    assert.deepEqual(joined(page([9, 7, 6], 'after 6'), page([9, 8, 7, 6, 5], 'after 5')), [[9, 7, 6, 5], 'after 5']);
  });

  it('begin anew where so many have come that the pages do not meet', () => {
    assert.deepEqual(joined(page([30, 29, 28], 'after 28'), page([9, 8, 7], 'after 7')), [[30, 29, 28], 'after 28']);
  });

  it('go on after the newest page when it has all that is held', () => {
    assert.deepEqual(joined(page([5, 4], undefined), page([6, 5], 'after 5')), [[5, 4], undefined]);
  });
});
