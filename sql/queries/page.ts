import { sql } from 'slonik';
import { AppError } from '../../contracts/errors.ts';

/** Which part of a list: after the row that the cursor names, newest first. */
export interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export type Fragment = ReturnType<typeof sql.fragment>;

/** Also of a row whose time is `infinity`: it must not end a list. */
const TIME_AND_ID = /^(-?infinity|\d{4}-\d{2}-\d{2} [\d:.]{8,15}[+-]\d{2}(?::\d{2})?)\|([0-9a-f-]{36})$/;

/** The condition "older than the cursor", for lists ordered by a time and an id, both falling. */
export function olderThan(time: Fragment, id: Fragment, cursor: string | undefined): Fragment {
  if (cursor === undefined) return sql.fragment`true`;
  const [, at, after] = TIME_AND_ID.exec(cursor) ?? [];
  if (at === undefined || after === undefined) throw badCursor();
  return sql.fragment`(${time}, ${id}) < (${at}::timestamptz, ${after}::uuid)`;
}

/** The cursor of a row: its time to the microsecond, which a Date does not hold, and its id. */
export function cursorOf(time: Fragment, id: Fragment): Fragment {
  return sql.fragment`${time}::text || '|' || ${id}`;
}

export function badCursor(): AppError {
  return new AppError(
    'INVALID_INPUT',
    'The cursor is not one of ours: take it from the Link header of the page before.',
    {
      problems: [{ path: 'cursor', message: 'Take it from the Link header of the page before' }],
    },
  );
}

/** Conditions joined by AND; true when there is none. */
export function all(conditions: readonly Fragment[]): Fragment {
  if (conditions.length === 0) return sql.fragment`true`;
  return sql.fragment`${sql.join([...conditions], sql.fragment` AND `)}`;
}
