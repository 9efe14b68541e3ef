import { createCombiner } from '../platform/combine.ts';
import type { Database } from '../sql/pool.ts';
import { holdLeads, leaveLead, type WantedLead } from '../sql/queries/leader.ts';

/** The leads that this process has or would have. */
export interface Leads {
  /** Takes or keeps the lead; false while another process holds it. What is asked in one turn is one statement. */
  hold(lead: WantedLead): Promise<boolean>;
  /** Lets another process lead without waiting for the lease to end. */
  leave(name: string): Promise<void>;
}

const MOST_AT_ONCE = 20;

/** @param holder this process, by a name that no other one has */
export function createLeads(db: Database, holder: string): Leads {
  return {
    hold: createCombiner(
      async (wanted) => {
        const held = await holdLeads(db, holder, wanted);
        return wanted.map(({ name }) => held.has(name));
      },
      { maxBatch: MOST_AT_ONCE, schedule: setImmediate },
    ),
    leave: (name) => leaveLead(db, name, holder),
  };
}
