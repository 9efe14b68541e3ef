import { AppError } from '../contracts/errors.ts';
import { findAgentPools, findDefinition } from '../sql/queries/definitions.ts';
import type { Queryable } from '../sql/pool.ts';
import { compilePlan } from './compile.ts';
import { parseDefinition } from './definition.ts';
import type { Plan } from './plan.ts';

/** Compiled plans by version id: a version never changes, so a plan is made once per process while it is in use. */
export interface Plans {
  /** @throws AppError INVALID_DEFINITION when the stored definition cannot be read; NOT_FOUND when it is gone */
  get(versionId: number): Promise<Plan>;
}

const MOST_PLANS = 500;

export function createPlans(db: Queryable): Plans {
  const plans = new Map<number, Promise<Plan>>();

  async function load(versionId: number): Promise<Plan> {
    const [definition, pools] = await Promise.all([findDefinition(db, versionId), findAgentPools(db)]);
    if (definition === null) throw new AppError('NOT_FOUND', `There is no workflow version ${versionId}`);
    return compilePlan(parseDefinition(definition), (agent) => pools.get(agent));
  }

  return {
    get(versionId) {
      const known = plans.get(versionId);
      if (known) {
        plans.delete(versionId);
        plans.set(versionId, known);
        return known;
      }
      const loading = load(versionId);
      plans.set(versionId, loading);
      loading.catch(() => plans.delete(versionId));
      const [oldest] = plans.keys();
      if (plans.size > MOST_PLANS && oldest !== undefined) plans.delete(oldest);
      return loading;
    },
  };
}
