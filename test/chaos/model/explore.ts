import { movesOf, type Move, type Rules } from './moves.ts';
import { initialState, type State } from './state.ts';

export interface Exploration {
  readonly states: number;
  /** Empty when every state keeps the invariants and every state leads to the end of the run. */
  readonly violations: readonly Counterexample[];
}

/** What is wrong, and the shortest way to it. */
export interface Counterexample {
  readonly message: string;
  readonly moves: readonly string[];
}

interface Visit {
  readonly state: State;
  readonly from: string | null;
  readonly by: string;
  /** Where the moves lead that are no faults. */
  readonly onwards: string[];
}

const MOST_VIOLATIONS = 3;

/** Visits every state that two workers and so many faults can reach, in every order. */
export function explore(rules: Rules, { workers = 2, faults }: { workers?: number; faults: number }): Exploration {
  const visits = new Map<string, Visit>();
  const violations: Counterexample[] = [];
  const first = initialState(rules.graph, workers, faults);
  const queue = [keyOf(first)];
  visits.set(keyOf(first), { state: first, from: null, by: 'start', onwards: [] });
  for (let head = 0; head < queue.length && violations.length < MOST_VIOLATIONS; head++) {
    const key = queue[head] ?? '';
    const visit = visits.get(key);
    if (!visit) continue;
    for (const move of movesOf(visit.state, rules)) {
      const next = keyOf(move.next);
      if (!move.isFault) visit.onwards.push(next);
      if (visits.has(next)) continue;
      visits.set(next, { state: move.next, from: key, by: move.name, onwards: [] });
      queue.push(next);
      for (const message of wrongWith(move, rules)) violations.push({ message, moves: wayTo(visits, next) });
    }
  }
  if (violations.length === 0) violations.push(...stuckStates(visits));
  return { states: visits.size, violations };
}

function wrongWith({ next }: Move, { graph }: Rules): string[] {
  const wrong: string[] = [];
  next.nodes.forEach((node, index) => {
    const dependencies = graph.edges.filter(([, to]) => to === index).map(([from]) => next.nodes[from]);
    const isEarly = node.status !== 'PENDING' && dependencies.some((one) => one?.status !== 'SUCCESS');
    if (isEarly) wrong.push(`node ${index} started before its dependencies had ended`);
    if (node.results > 1) wrong.push(`node ${index} has ${node.results} results`);
    if (executionsOf(next, index) > 1) wrong.push(`node ${index} runs twice at the same time`);
  });
  if (next.ends > 1) wrong.push('the run ended twice');
  return wrong;
}

function executionsOf({ workers }: State, node: number): number {
  return workers.filter(
    (worker) =>
      (worker.step === 'running' || (worker.step === 'stopped' && worker.was === 'running')) &&
      worker.job.node === node,
  ).length;
}

/** States from which no sequence of steps without further faults ends the run. */
function stuckStates(visits: ReadonlyMap<string, Visit>): Counterexample[] {
  const cameFrom = new Map<string, string[]>();
  for (const [key, { onwards }] of visits) {
    for (const next of onwards) {
      const before = cameFrom.get(next);
      if (before) before.push(key);
      else cameFrom.set(next, [key]);
    }
  }
  const good = [...visits].flatMap(([key, { state }]) => (state.ended ? [key] : []));
  const reached = new Set(good);
  for (let key = good.pop(); key !== undefined; key = good.pop()) {
    for (const before of cameFrom.get(key) ?? []) {
      if (reached.has(before)) continue;
      reached.add(before);
      good.push(before);
    }
  }
  const stuck = [...visits.keys()].filter((key) => !reached.has(key));
  return stuck
    .slice(0, MOST_VIOLATIONS)
    .map((key) => ({ message: 'the run never ends from here', moves: wayTo(visits, key) }));
}

function wayTo(visits: ReadonlyMap<string, Visit>, key: string): string[] {
  const moves: string[] = [];
  for (let at: string | null = key; at !== null; at = visits.get(at)?.from ?? null)
    moves.push(visits.get(at)?.by ?? '');
  return moves.reverse();
}

/** The workers are alike: which of them does what makes no other state. */
function keyOf(state: State): string {
  const workers = state.workers.map((worker) => JSON.stringify(worker)).sort();
  return JSON.stringify({ ...state, workers });
}
