import type { Invariant } from './invariant.ts';

export const alertsAreAnswered: Invariant = {
  id: 'I11',
  promise: 'an alert is answered with 2xx, or with 503 when Postgres is away: never with 500, never with a 4xx',
  check({ answers }) {
    return answers
      .filter(({ kind, status }) => kind === 'alert' && !isFine(status))
      .map(({ key, status }) => ({ message: `alert ${key} was answered with ${status}` }));
  },
};

/** 0: the connection was lost, which AlertManager repeats. */
function isFine(status: number): boolean {
  return status === 0 || status === 503 || (status >= 200 && status < 300);
}
