/** At most so many; null: as many as there are. */
export type Most = number | null;

/** A limit of its own, else the environment's; 0 means none in both. */
export function limitOf(own: number | null, ofEnvironment: number): Most {
  const most = own ?? ofEnvironment;
  return most === 0 ? null : most;
}
