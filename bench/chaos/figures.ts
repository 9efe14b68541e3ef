import { TERMINAL } from './history/history.ts';
import type { Recovery } from './recovery.ts';
import type { Trial, TrialPlan } from './trial.ts';

/** What one trial found out, as it is stored. */
export interface Figures {
  readonly name: string;
  readonly at: string;
  readonly seed: number;
  readonly seconds: number;
  readonly apis: number;
  readonly workers: number;
  /** Runs that there were: of triggers, alerts, and of other runs. */
  readonly runs: number;
  readonly nodes: number;
  /** Processes of agents that were started. */
  readonly agents: number;
  readonly events: number;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** By invariant; those that hold are left out. */
  readonly violations: Readonly<Record<string, number>>;
  /** Runs that had not ended when all should have been at rest. */
  readonly stuck: number;
  /** Executions of one node at the same time. */
  readonly overlaps: number;
  /** Runs whose outcome was compared with that of a twin without faults. */
  readonly compared: number;
  readonly recovery: Recovery;
  readonly quietAfterMs: number;
}

export function figuresOf(name: string, plan: TrialPlan, trial: Trial): Figures {
  const { seed, seconds, apis, workers, twin = {} } = plan;
  const { history, verdicts, strikes, recovery, quietAfterMs, outcomes } = trial;
  const counts = verdicts.map(({ id, violations }) => [id, violations.length] as const);
  return {
    name,
    at: new Date().toISOString(),
    ...{ seed, seconds, apis, workers },
    runs: history.runs.length,
    nodes: history.nodes.length,
    agents: history.journal.filter(({ what }) => what === 'start').length,
    events: history.events.length,
    faults: strikes,
    violations: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    stuck: history.runs.filter(({ status }) => !TERMINAL.has(status)).length,
    overlaps: Object.fromEntries(counts).I4 ?? 0,
    compared: Object.keys(twin).filter((key) => key in outcomes).length,
    recovery,
    quietAfterMs,
  };
}

/** How often all faults struck together; what a fault counts of its own kinds is not counted twice. */
export function countFaults({ faults }: Pick<Figures, 'faults'>): number {
  return Object.entries(faults).reduce((sum, [name, count]) => sum + (name.includes(' ') ? 0 : count), 0);
}

export function countViolations({ violations }: Pick<Figures, 'violations'>): number {
  return Object.values(violations).reduce((sum, count) => sum + count, 0);
}
