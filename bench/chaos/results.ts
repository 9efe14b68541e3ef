import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FAILPOINTS } from '../../platform/failpoints.ts';
import { CAMPAIGN } from './campaign.ts';
import { countFaults, countViolations, type Figures } from './figures.ts';
import { table, whole } from '../markdown.ts';

const JSON_FILE = fileURLToPath(new URL('results.json', import.meta.url));
const PAGE = fileURLToPath(new URL('RESULTS.md', import.meta.url));

/** The figures of every piece that was run, in the order of the campaign. */
async function readResults(): Promise<readonly Figures[]> {
  const text = await readFile(JSON_FILE, 'utf8').catch(() => '[]');
  return JSON.parse(text) as Figures[];
}

/** Puts the figures in the place of those of the same name, and writes the page anew. */
export async function keepResult(figures: Figures): Promise<void> {
  const others = (await readResults()).filter(({ name }) => name !== figures.name);
  const place = new Map(CAMPAIGN.map(({ name }, index) => [name, index]));
  const all = [...others, figures].sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
  await writeFile(JSON_FILE, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(PAGE, asPage(all));
}

function asPage(all: readonly Figures[]): string {
  const days = [...new Set(all.map(({ at }) => at.slice(0, 10)))].sort();
  const sum = (of: (one: Figures) => number) => whole(all.reduce((total, one) => total + of(one), 0));
  const totals: string[] = [
    '**all**',
    '',
    sum(({ runs }) => runs),
    sum(({ nodes }) => nodes),
    sum(({ agents }) => agents),
    sum(countFaults),
  ];
  return `# Results of \`npm run chaos -- --campaign all\`

Written by the campaign on ${days.join(', ')}, ${cpus().length} cores, Node ${process.version}. Each line is one trial: the
whole service as real processes on servers of its own, hurt as long as triggers come, then left to come to rest, then
checked (I1 to I15). What the columns mean: docs/GUARANTEES.md.

${table(
  [
    ...[
      'trial',
      'seed',
      'runs',
      'nodes',
      'agents started',
      'faults',
      'violations',
      'stuck',
      'overlaps',
      'same as twin',
    ],
    ...['attempts lost', 'next after p50, s', 'p99, s', 'at rest after, s'],
  ],
  [
    ...all.map((one) => [
      ...[one.name, String(one.seed), whole(one.runs), whole(one.nodes), whole(one.agents)],
      whole(countFaults(one)),
      violationsOf(one),
      ...[one.stuck, one.overlaps, one.compared, one.recovery.lost].map(whole),
      ...(one.recovery.lost > 0 ? [seconds(one.recovery.p50), seconds(one.recovery.p99)] : ['', '']),
      seconds(one.quietAfterMs),
    ]),
    [
      ...totals,
      sum(countViolations),
      sum(({ stuck }) => stuck),
      sum(({ overlaps }) => overlaps),
      sum(({ compared }) => compared),
      sum(({ recovery }) => recovery.lost),
      ...['', '', ''],
    ],
  ],
)}

## Faults of each kind

${table(
  ['fault', 'struck'],
  [...countEach(all)].filter(([name]) => !name.includes(' ')).map(([name, count]) => [name, whole(count)]),
)}

## Kill points that were reached

${table(
  ['point', 'kill -9', 'stopped for longer than a lease'],
  Object.keys(FAILPOINTS).map((point) => {
    const reached = countEach(all);
    return [point, ...['kill', 'stop'].map((action) => whole(reached.get(`failpoint ${point} ${action}`) ?? 0))];
  }),
)}
`;
}

function countEach(all: readonly Figures[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { faults } of all)
    for (const [name, count] of Object.entries(faults)) counts.set(name, (counts.get(name) ?? 0) + count);
  return counts;
}

function violationsOf({ violations }: Figures): string {
  const parts = Object.entries(violations).map(([id, count]) => `${id}: ${count}`);
  return parts.length > 0 ? parts.join(', ') : '0';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
