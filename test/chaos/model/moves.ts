import type { Graph, Job, NodeState, State, WorkerState } from './state.ts';

export interface Move {
  readonly name: string;
  /** Something goes wrong: needs one of the faults that are left. */
  readonly isFault: boolean;
  readonly next: State;
}

export interface Rules {
  readonly graph: Graph;
  /** The agent of a worker that cannot renew its lease is stopped before the lease ends; default of the engine. */
  readonly fenced: boolean;
  /** The reconciler adds a flow where none is, and gives a job to a ready node that has none. */
  readonly repairs: boolean;
  /** A result counts only with the token of the claim. */
  readonly checksToken: boolean;
}

/** Everything that may happen next, in any order: the steps of each worker, the reconciler's repairs, the faults. */
export function movesOf(state: State, rules: Rules): Move[] {
  const ofWorkers = state.workers.flatMap((worker, index) => workerMoves(state, worker, index, rules));
  const all = [...ofWorkers, ...reconcilerMoves(state, rules), ...flush(state)];
  return all.filter(({ isFault }) => !isFault || state.faultsLeft > 0);
}

function workerMoves(state: State, worker: WorkerState, index: number, rules: Rules): Move[] {
  const become = (next: WorkerState, change: Partial<State> = {}): State => ({
    ...state,
    ...change,
    workers: state.workers.map((one, place) => (place === index ? next : one)),
  });
  const step = (name: string, next: State): Move => ({ name, isFault: false, next });
  const fault = (name: string, next: State): Move => ({
    name,
    isFault: true,
    next: { ...next, faultsLeft: state.faultsLeft - 1 },
  });
  /** Its process ends: the agent with it; BullMQ finds the job stalled. */
  const crash = (job: Job) => fault('crash', become({ step: 'idle' }, { jobs: withJob(state.jobs, job) }));

  switch (worker.step) {
    case 'idle':
      return state.jobs
        .filter(({ held }) => !held)
        .map((job) => step('fetch', become({ step: 'fetched', job }, { jobs: withoutJob(state.jobs, job) })));
    case 'fetched': {
      const { job } = worker;
      const claimed = claim(state, job);
      if (claimed === 'drop') return [step('drop', become({ step: 'idle' })), crash(job)];
      if (claimed === 'settled') {
        return [
          step('again', become({ step: 'settled', job, gates: readyAfter(state, job.node, rules.graph) })),
          crash(job),
        ];
      }
      if (claimed === 'park')
        return [step('park', become({ step: 'idle' }, { jobs: withJob(state.jobs, job) })), crash(job)];
      const token = claimed.attempt;
      const nodes = withNode(state.nodes, job.node, claimed);
      return [
        step('claim', become({ step: 'running', job, token }, { nodes })),
        fault('claim, answer lost', become({ step: 'idle' }, { nodes, jobs: withJob(state.jobs, job) })),
        crash(job),
      ];
    }
    case 'running':
      return [
        step('agent ends', become({ ...worker, step: 'result' })),
        fault(
          'stop',
          become({ ...worker, step: 'stopped', was: 'running' }, { jobs: withJob(state.jobs, worker.job) }),
        ),
        crash(worker.job),
      ];
    case 'result': {
      const { job, token } = worker;
      const settled = settle(state, job.node, token, rules);
      const gates = readyAfter(settled, job.node, rules.graph);
      return [
        step('settle', { ...settled, workers: become({ step: 'settled', job, gates }).workers }),
        fault('settle, answer lost', {
          ...settled,
          workers: become({ step: 'idle' }).workers,
          jobs: withJob(settled.jobs, job),
        }),
        fault('stop', become({ ...worker, step: 'stopped', was: 'result' }, { jobs: withJob(state.jobs, job) })),
        crash(job),
      ];
    }
    case 'settled': {
      const [gate, ...gates] = worker.gates;
      if (gate === undefined) return [step('done', become({ step: 'idle' }))];
      const jobs = openGate(state.jobs, gate);
      return [step('open gate', become({ ...worker, gates }, { jobs })), crash(worker.job)];
    }
    case 'stopped':
      return [step('go on', become({ step: worker.was, job: worker.job, token: worker.token }))];
  }
}

function claim(state: State, job: Job): 'drop' | 'settled' | 'park' | NodeState {
  const node = state.nodes[job.node];
  if (!node || state.ended || job.epoch !== state.epoch) return 'drop';
  if (node.status === 'SUCCESS') return 'settled';
  if (node.pending > 0 || node.token !== null) return 'park';
  return { ...node, status: 'RUNNING', attempt: node.attempt + 1, token: node.attempt + 1 };
}

/** One transaction: the result, the dependents' counters, the end of the run. */
function settle(state: State, index: number, token: number, { graph, checksToken }: Rules): State {
  const node = state.nodes[index];
  if (!node || state.ended) return state;
  if (checksToken && (node.token !== token || node.status === 'SUCCESS')) return state;
  const dependents = graph.edges.filter(([from]) => from === index).map(([, to]) => to);
  const nodes = state.nodes.map((one, place) => {
    if (place === index) return { ...one, status: 'SUCCESS' as const, results: one.results + 1 };
    return dependents.includes(place) ? { ...one, pending: one.pending - 1 } : one;
  });
  const open = state.open - 1;
  return { ...state, nodes, open, ended: open === 0, ends: state.ends + (open === 0 ? 1 : 0) };
}

/** Asked of the tables, so that a repeat finds the same gates. */
function readyAfter(state: State, index: number, { edges }: Graph): number[] {
  return edges
    .filter(
      ([from, to]) =>
        from === index && state.nodes[to]?.pending === 0 && state.jobs.some((job) => job.node === to && job.held),
    )
    .map(([, to]) => to);
}

function reconcilerMoves(state: State, rules: Rules): Move[] {
  if (state.ended) return [];
  const repairs = rules.repairs ? [...rebuild(state, rules), ...giveJobs(state)] : [];
  return [...expireLeases(state, rules), ...repairs];
}

/** A lease runs out when nobody renews it: its worker is gone or stopped. */
function expireLeases(state: State, { fenced }: Rules): Move[] {
  return state.nodes.flatMap((node, index) => {
    if (node.status !== 'RUNNING' || isRenewed(state, index, node.token)) return [];
    const released: NodeState = { ...node, status: 'PENDING', token: null };
    const workers = state.workers.map((worker) =>
      fenced && worker.step === 'stopped' && worker.job.node === index && worker.token === node.token
        ? { ...worker, was: 'result' as const }
        : worker,
    );
    const jobs = withJob(state.jobs, { node: index, epoch: state.epoch, held: false });
    return [
      {
        name: 'lease expires',
        isFault: false,
        next: { ...state, nodes: withNode(state.nodes, index, released), jobs, workers },
      },
    ];
  });
}

function isRenewed({ workers }: State, index: number, token: number | null): boolean {
  return workers.some(
    (worker) =>
      (worker.step === 'running' || worker.step === 'result') && worker.job.node === index && worker.token === token,
  );
}

/** No job of the current epoch is anywhere: a flow of the remaining nodes, of the next epoch. */
function rebuild(state: State, { graph }: Rules): Move[] {
  if (hasJobs(state)) return [];
  const epoch = state.epoch + 1;
  const open = state.nodes.flatMap(({ status }, node) => (status === 'SUCCESS' ? [] : [node]));
  const jobs = open.map((node) => ({
    node,
    epoch,
    held: graph.edges.some(([from, to]) => to === node && open.includes(from)),
  }));
  const move = { name: 'rebuild', isFault: false, next: { ...state, epoch, jobs } };
  const lost = {
    name: 'epoch raised, flow not added',
    isFault: true,
    next: { ...state, epoch, jobs: [], faultsLeft: state.faultsLeft - 1 },
  };
  return [move, lost];
}

function hasJobs({ jobs, workers, epoch }: State): boolean {
  return (
    jobs.some((job) => job.epoch === epoch) ||
    workers.some((worker) => worker.step !== 'idle' && worker.step !== 'stopped' && worker.job.epoch === epoch)
  );
}

/** The slow path: a ready node without a live job gets a plain one; a gate that is still there is removed. */
function giveJobs(state: State): Move[] {
  return state.nodes.flatMap(({ status, pending, token }, node) => {
    if (status !== 'PENDING' || pending > 0 || token !== null) return [];
    const isLive = state.jobs.some((job) => job.node === node && !job.held && job.epoch === state.epoch);
    const isFetched = state.workers.some((worker) => worker.step === 'fetched' && worker.job.node === node);
    if (isLive || isFetched) return [];
    const jobs = withJob(openGate(state.jobs, node), { node, epoch: state.epoch, held: false });
    return [{ name: 'plain job', isFault: false, next: { ...state, jobs } }];
  });
}

function flush(state: State): Move[] {
  if (state.jobs.length === 0) return [];
  return [{ name: 'flush', isFault: true, next: { ...state, jobs: [], faultsLeft: state.faultsLeft - 1 } }];
}

function withNode(nodes: readonly NodeState[], index: number, node: NodeState): NodeState[] {
  return nodes.map((one, place) => (place === index ? node : one));
}

/** A set, in one order, so that equal states look equal. */
function withJob(jobs: readonly Job[], job: Job): Job[] {
  const others = jobs.filter((one) => !isSame(one, job));
  return [...others, job].sort((a, b) => a.epoch - b.epoch || a.node - b.node || Number(a.held) - Number(b.held));
}

function withoutJob(jobs: readonly Job[], job: Job): Job[] {
  return jobs.filter((one) => !isSame(one, job));
}

function openGate(jobs: readonly Job[], node: number): Job[] {
  const gated = jobs.filter((job) => job.node === node && job.held);
  return gated.reduce<Job[]>((rest, job) => withJob(withoutJob(rest, job), { ...job, held: false }), [...jobs]);
}

function isSame(a: Job, b: Job): boolean {
  return a.node === b.node && a.epoch === b.epoch && a.held === b.held;
}
