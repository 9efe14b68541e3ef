import { parseArgs } from 'node:util';
import { ensureBuild } from '../scripts/ensure-build.mjs';
import { isClean, report } from './chaos/check.ts';
import { chooseFaults, FAULTS } from './chaos/faults/faults.ts';
import type { Fault } from './chaos/faults/fault.ts';
import { runTrial, type Trial, type TrialPlan } from './chaos/trial.ts';

/**
 * `npm run chaos -- --seed 1 --runs 300 --seconds 60 --faults kill,flush`: the whole service on servers of its own, under
 * load, while things go wrong; then the history checker. First the same load without faults, for the comparison of
 * outcomes (`--no-twin` leaves that out). `--each` gives every fault a trial of its own. Exits with 1 on a violation.
 */

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    apis: { type: 'string', default: '2' },
    workers: { type: 'string', default: '3' },
    faults: {
      type: 'string',
      default: 'kill,failpoint,flush,client-kill,postgres-crash,nats-kill,stream-delete,link-cut,buttons',
    },
    each: { type: 'boolean', default: false },
    twin: { type: 'boolean', default: true },
  },
});

const faults = values.faults === 'all' ? FAULTS : chooseFaults(values.faults.split(',').filter(Boolean));
const plan: TrialPlan = {
  seed: Number(values.seed),
  runs: Number(values.runs),
  seconds: Number(values.seconds),
  apis: Number(values.apis),
  workers: Number(values.workers),
  faults: [],
};

await ensureBuild();
const twin = values.twin ? (await trial('without faults', [])).outcomes : undefined;
const groups = values.each ? faults.map((fault) => [fault]) : [faults];
let clean = true;
for (const group of groups) {
  const { verdicts } = await trial(group.map(({ name }) => name).join(', '), group, twin);
  clean &&= isClean(verdicts);
}
process.exitCode = clean ? 0 : 1;

async function trial(title: string, group: readonly Fault[], expected?: Trial['outcomes']): Promise<Trial> {
  console.log(`\n${title}: seed ${plan.seed}, ${plan.runs} runs over ${plan.seconds} s`);
  const outcome = await runTrial({ ...plan, faults: group, ...(expected && { twin: expected }) });
  const { verdicts, history, strikes, recovery, quietAfterMs } = outcome;
  console.log(report(verdicts, history));
  const { lost, p50, p99, worst } = recovery;
  console.log(`${history.runs.length} runs, ${history.nodes.length} nodes, ${history.events.length} events`);
  console.log(`faults: ${JSON.stringify(strikes)}; all at rest after ${quietAfterMs} ms`);
  console.log(`${lost} attempts lost, the next one after ${p50} ms (p50), ${p99} ms (p99), ${worst} ms (worst)`);
  return outcome;
}
