import type { Context } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import type { Config } from '../../platform/config.ts';
import type { Queryable } from '../../sql/pool.ts';
import { countOpenRuns, type OpenRunCounts } from '../../sql/queries/project-limits.ts';
import { limitOf, type Most } from './most.ts';

/** A count is used for a second; one that says "full" is taken again at once, so that a place that is free is found. */
const FRESH_MS = 1_000;
const FRESH_WHEN_FULL_MS = 50;
/** Counting takes no more than a twentieth of the time, however many runs are open. */
const REST_PER_COUNT = 20;
const RETRY_AFTER_SECONDS = 5;

/**
 * How many runs projects and principals may have open. Asked before a person or a program starts a run through the API.
 * Never for what triggers start: an alert is stored and waits its turn, whatever is open.
 */
export interface OpenRuns {
  /**
   * Counts one more run, of this project and this principal.
   * @param hasStarted whether the request started its run before, and is no new one
   * @throws AppError RATE_LIMITED that says what is full and what to do
   */
  admit(ctx: Context, who: Starter, hasStarted?: () => Promise<boolean>): Promise<void>;
  /** Limits have changed: the next one asks for them. */
  forget(): void;
}

export interface Starter {
  readonly projectId: string;
  readonly principal: string;
}

/** What is open: as counted, and started here since. */
interface Count {
  readonly at: number;
  readonly tookMs: number;
  readonly counted: OpenRunCounts;
  readonly since: { readonly projects: Map<string, number>; readonly principals: Map<string, number> };
}

interface Parts {
  readonly db: Queryable;
  readonly config: Pick<Config, 'limits'>;
}

/**
 * Each replica counts for itself, once a second: what replicas start within the same second may pass a limit by as much.
 * An exact count would have to be part of each start, and its lock would let one run start at a time.
 */
export function createOpenRuns({ db, config: { limits } }: Parts): OpenRuns {
  let last: Count | undefined;
  let counting: Promise<Count> | undefined;

  async function count(): Promise<Count> {
    const at = performance.now();
    const since = { projects: new Map<string, number>(), principals: new Map<string, number>() };
    const counted = await countOpenRuns(db);
    return { at, tookMs: performance.now() - at, counted, since };
  }

  async function countAgain(): Promise<Count> {
    counting ??= count().finally(() => {
      counting = undefined;
    });
    last = await counting;
    return last;
  }

  function isFresh({ at, tookMs }: Count, ageMs: number): boolean {
    return performance.now() - at < Math.max(ageMs, tookMs * REST_PER_COUNT);
  }

  const current = (ageMs: number): Promise<Count> | Count => (last && isFresh(last, ageMs) ? last : countAgain());

  function fullOf({ counted, since }: Count, { projectId, principal }: Starter): Full | undefined {
    const own = counted.limits.find((limit) => limit.projectId === projectId)?.maxOpenRuns ?? null;
    const project = limitOf(own, limits.projectMaxOpenRuns);
    const ofProject = (counted.projects[projectId] ?? 0) + (since.projects.get(projectId) ?? 0);
    if (isFull(project, ofProject))
      return { who: `Project ${projectId} has`, most: project, change: changeProject(projectId) };
    const ofPrincipal = (counted.principals[principal] ?? 0) + (since.principals.get(principal) ?? 0);
    const most = limitOf(null, limits.principalMaxOpenRuns);
    return isFull(most, ofPrincipal) ? { who: `You (${principal}) have`, most, change: CHANGE_PRINCIPAL } : undefined;
  }

  return {
    async admit(ctx, starter, hasStarted) {
      let count = await current(FRESH_MS);
      if (fullOf(count, starter)) count = await current(FRESH_WHEN_FULL_MS);
      const full = fullOf(count, starter);
      if (!full) {
        add(count.since.projects, starter.projectId);
        add(count.since.principals, starter.principal);
        return;
      }
      if (await hasStarted?.()) return;
      ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
      throw tooMany(full);
    },
    forget() {
      last = undefined;
    },
  };
}

interface Full {
  readonly who: string;
  readonly most: Most;
  readonly change: string;
}

const CHANGE_PRINCIPAL = 'raise PRINCIPAL_MAX_OPEN_RUNS';

function changeProject(projectId: string): string {
  return `ask an administrator for more (commandcenter limits set ${projectId} --open-runs <number>)`;
}

function isFull(most: Most, open: number): boolean {
  return most !== null && open >= most;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function tooMany({ who, most, change }: Full): AppError {
  return new AppError(
    'RATE_LIMITED',
    `${who} ${String(most)} open runs, as many as may be: wait until some have ended, cancel some, or ${change}.`,
  );
}
