import { findUnusedPlaces, findWaitingUnderLimit } from '../../sql/queries/execution-limits.ts';
import { lookAgainNow } from '../next-in-turn.ts';
import { eachAlone, type Repair } from './repair.ts';

const MOST_AT_ONCE = 50;

/**
 * A place under the limit of an agent or a pool that nobody takes although nodes wait for one: the word that it is free was lost,
 * or the limit was raised. Only what was so in the round before too: in between a place changes hands.
 */
export function createUnusedPlaces(): Repair {
  let seenBefore = new Set<string>();
  return {
    kind: 'limit_place_unused',
    async run(parts, repaired) {
      const unused = await findUnusedPlaces(parts.db);
      const still = unused.filter(({ name }) => seenBefore.has(name));
      seenBefore = new Set(unused.map(({ name }) => name));
      for (const { name, free } of still) {
        await eachAlone(
          await findWaitingUnderLimit(parts.db, name, Math.min(free, MOST_AT_ONCE)),
          parts,
          ({ agentRunId }) => agentRunId,
          async (node) => {
            await lookAgainNow(node, parts);
            await repaired(node.runId);
          },
        );
      }
    },
  };
}
