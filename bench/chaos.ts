import { parseArgs } from 'node:util';
import { ensureBuild } from '../scripts/ensure-build.mjs';
import { choosePieces, type Piece } from './chaos/campaign.ts';
import { isClean, report } from './chaos/check.ts';
import { chooseFaults } from './chaos/faults/faults.ts';
import { countFaults, figuresOf, type Figures } from './chaos/figures.ts';
import { keepResult } from './chaos/results.ts';
import { runTrial, type Trial } from './chaos/trial.ts';

/**
 * `npm run chaos -- --seed 1 --runs 300 --seconds 60 --faults kill,flush`: the whole service on servers of its own, under
 * load, while things go wrong; then the history checker. First the same load without faults, for the comparison of
 * outcomes (`--no-twin` leaves that out). `--each` gives every fault a trial of its own; `--faults all` is all of them.
 * `--light` is the share of runs that start no process. `--campaign all` runs everything whose figures are published (`--campaign mixed,kills`: what begins with these names)
 * and writes them to bench/chaos/results.json and RESULTS.md, trial by trial. Exits with 1 on a violation.
 */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '200' },
    light: { type: 'string', default: '0.5' },
    seconds: { type: 'string', default: '60' },
    apis: { type: 'string', default: '2' },
    workers: { type: 'string', default: '3' },
    faults: {
      type: 'string',
      default: 'kill,failpoint,flush,client-kill,postgres-crash,nats-kill,stream-delete,link-cut,buttons',
    },
    each: { type: 'boolean', default: false },
    twin: { type: 'boolean', default: true },
    campaign: { type: 'string' },
  },
});
const isCampaign = values.campaign !== undefined;
const pieces = isCampaign ? choosePieces(values.campaign?.split(',') ?? []) : await piecesOfOptions();

await ensureBuild();
const TWIN_RUNS_PER_SECOND = 16;
const twins = new Map<string, Trial['outcomes']>();
let clean = true;
for (const piece of pieces) clean = (await tryPiece(piece)) && clean;
// a client of a server that was paused and then ended, as some faults leave behind, may keep trying for ever
process.exit(clean ? 0 : 1);

async function piecesOfOptions(): Promise<Piece[]> {
  const faults = (await chooseFaults(values.faults.split(',').filter(Boolean))).map(({ name }) => name);
  const groups = values.each ? faults.map((fault) => [fault]) : [faults];
  const size = {
    seed: Number(values.seed),
    runs: Number(values.runs),
    lightShare: Number(values.light),
    seconds: Number(values.seconds),
    apis: Number(values.apis),
    workers: Number(values.workers),
  };
  return groups.map((group) => ({ name: group.join(', '), ...size, faults: group }));
}

/** @returns whether every invariant held */
async function tryPiece({ name, faults: names, ...size }: Piece): Promise<boolean> {
  const faults = await chooseFaults(names);
  const twin = values.twin ? await outcomesWithoutFaults(size) : undefined;
  const plan = { ...size, faults, ...(twin && { twin }) };
  const trial = await announce(name, plan);
  const figures = figuresOf(name, plan, trial);
  say(figures);
  if (isCampaign) await keepResult(figures);
  return isClean(trial.verdicts) && figures.stuck === 0;
}

/** Of the twin, which is run once for all pieces of the same size and seed. */
async function outcomesWithoutFaults(piece: Omit<Piece, 'name' | 'faults'>): Promise<Trial['outcomes']> {
  const { faultSeed: _, seconds, ...size } = piece;
  const key = JSON.stringify(size);
  const known = twins.get(key);
  if (known) return known;
  // it needs no time for faults to strike
  const soon = Math.min(seconds, Math.ceil(size.runs / TWIN_RUNS_PER_SECOND));
  const { outcomes } = await announce('without faults', { ...size, seconds: soon, faults: [] });
  twins.set(key, outcomes);
  return outcomes;
}

async function announce(name: string, plan: Parameters<typeof runTrial>[0]): Promise<Trial> {
  console.log(`\n${name}: seed ${plan.seed}, ${plan.runs} triggers over ${plan.seconds} s`);
  const trial = await runTrial(plan);
  console.log(report(trial.verdicts, trial.history));
  if (trial.evidence !== undefined) console.log(`the logs and the journal are kept in ${trial.evidence}`);
  return trial;
}

function say(figures: Figures): void {
  const { runs, nodes, events, faults, stuck, overlaps, compared, recovery, quietAfterMs } = figures;
  console.log(`${runs} runs, ${nodes} nodes, ${events} events; ${stuck} stuck, ${overlaps} overlaps`);
  console.log(`${countFaults(figures)} faults: ${JSON.stringify(faults)}; all at rest after ${quietAfterMs} ms`);
  console.log(`${compared} outcomes compared with the twin's`);
  const { lost, p50, p99, worst } = recovery;
  console.log(`${lost} attempts lost, the next one after ${p50} ms (p50), ${p99} ms (p99), ${worst} ms (worst)`);
}
