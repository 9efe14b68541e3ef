/** A time in which the database has answered this process again and again; another object after each silence. */
export interface Contact {
  /** Milliseconds, by `performance.now()`. */
  readonly since: number;
  /** False for the first one of this process: the database may have been there long before. */
  readonly isReturn: boolean;
}

/** A gap between answers that counts as an outage: of the database, of the way to it, or of this process. */
const SILENCE_MS = 5000;

export interface ContactLog {
  /** The database has answered, at this time by `performance.now()`. */
  answered(at: number): void;
  /** The one that the last answer belongs to. */
  readonly current: Contact;
}

export function createContactLog(): ContactLog {
  let last = -Infinity;
  let current: Contact = { since: -Infinity, isReturn: false };
  return {
    answered(at) {
      if (at - last > SILENCE_MS) current = { since: at, isReturn: last > -Infinity };
      last = at;
    },
    get current() {
      return current;
    },
  };
}
