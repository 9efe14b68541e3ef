import type { Invariant } from './invariant.ts';

export const noIdleTransaction: Invariant = {
  id: 'I10',
  promise: 'no connection is left idle in a transaction',
  check: ({ idleInTransaction }) =>
    idleInTransaction.map((query) => ({ message: `a connection is idle in a transaction since: ${query}` })),
};
