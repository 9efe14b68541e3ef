import { table, whole } from '../markdown.ts';
import type { Figures } from './measure.ts';
import { FLOOR, OURS, type Comparison, type PeerFigures, type Spread } from './peers.ts';
import { PARTS, type Part } from './service.ts';

/** Everything that one run of the benchmark found out. */
export interface Report {
  readonly at: string;
  readonly cpus: number;
  readonly node: string;
  readonly workers: number;
  readonly isQuick: boolean;
  /** From the start of a worker's process to its answer that it is well, in milliseconds; no migration is due. */
  readonly startMs: number;
  /** Nothing where the system does not tell. */
  readonly idleCores: Readonly<Partial<Record<Part, number>>>;
  readonly shapes: (Figures & { readonly bareFlowsStepsPerSecond?: number })[];
  readonly postgresFloors: { readonly batch: number; readonly stepsPerSecond: number }[];
  /** With other engines, where a harness of them was given. */
  comparison?: Comparison;
}

export function asLine({ shape, stepsPerSecond, latency, cost }: Figures, floor: number | undefined): string {
  const parts = [
    shape.padEnd(10),
    `${whole(stepsPerSecond)} steps/s`.padEnd(16),
    `p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`.padEnd(30),
    cost ? `${cost.cpuSecondsPer1000Steps.all.toFixed(2)} CPU s per 1,000 steps` : '',
    floor === undefined ? '' : `bare flows ${whole(floor)} steps/s`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}

export function asMarkdown(report: Report): string {
  const { at, cpus, node, workers, startMs, idleCores, postgresFloors } = report;
  return `# Results of \`npm run bench\`

Written by the benchmark on ${at.slice(0, 10)}: ${cpus} cores, Node ${node}, ${workers} worker process(es) of 50 slots, one API
process, private PostgreSQL (fsync on), Redis (AOF everysec) and NATS on the same machine. Every step is claimed, settled
and told in events; every run's output is checked. What the columns mean and how to read them: docs/PERFORMANCE.md.

${table(
  ['shape', 'steps', 'steps/s', 'runs/s', 'bare flows, steps/s', 'p50 ms', 'p95 ms', 'p99 ms', 'trigger p50 ms'],
  report.shapes.map((one) => [
    one.shape,
    whole(one.steps),
    whole(one.stepsPerSecond),
    one.runsPerSecond.toFixed(1),
    one.bareFlowsStepsPerSecond === undefined ? 'not a tree' : whole(one.bareFlowsStepsPerSecond),
    ...[one.latency.p50, one.latency.p95, one.latency.p99, one.trigger.p50].map((ms) => ms.toFixed(1)),
  ]),
)}

${chart(report)}

${report.comparison ? comparisonPage(report.comparison) : ''}

## What a step costs

${table(
  [
    'shape',
    ...PARTS.map((part) => `CPU s per 1,000: ${part}`),
    'all',
    'transactions per step',
    'WAL bytes per step',
    'Redis commands per step',
  ],
  report.shapes.flatMap(({ shape, cost }) =>
    cost
      ? [
          [
            shape,
            ...[...PARTS, 'all' as const].map((part) => cost.cpuSecondsPer1000Steps[part].toFixed(2)),
            cost.transactionsPerStep.toFixed(3),
            whole(cost.walBytesPerStep),
            cost.redisCommandsPerStep.toFixed(2),
          ],
        ]
      : [],
  ),
)}

${memory(report)}

${handOffLine(report)}- A worker was ready ${whole(startMs)} ms after its start.
- Idle, of a core: ${PARTS.map((part) => `${part} ${((idleCores[part] ?? 0) * 100).toFixed(1)} %`).join(', ')}.
- Bare Postgres, an insert and an update per step: ${postgresFloors
    .map(({ batch, stepsPerSecond }) => `${whole(stepsPerSecond)} steps/s in statements of ${batch}`)
    .join(', ')}.
`;
}

/** Milliseconds that one more step in a row takes: the long chain against the short one; undefined unless both were measured. */
export function stepHandOffMs(shapes: readonly Pick<Figures, 'shape' | 'steps' | 'latency'>[]): number | undefined {
  const [short, long] = ['chain', 'chain-100'].map((name) => shapes.find(({ shape }) => shape === name));
  if (!short || !long) return undefined;
  return (long.latency.p50 - short.latency.p50) / (long.steps - short.steps);
}

function handOffLine({ shapes }: Report): string {
  const ms = stepHandOffMs(shapes);
  return ms === undefined
    ? ''
    : `- Step hand-off: one more step in a row takes ${ms.toFixed(2)} ms (chain-100 against chain, p50).\n`;
}

const RATIOS = [
  { title: 'steps/s', value: ({ stepsPerSecond }: PeerFigures) => stepsPerSecond, isBest: Math.max, digits: 0 },
  { title: 'p50 ms of one run', value: ({ p50 }: PeerFigures) => p50, isBest: Math.min, digits: 1 },
  {
    title: 'CPU s per 1,000 steps',
    value: ({ cpuSecondsPer1000Steps }: PeerFigures) => cpuSecondsPer1000Steps,
    isBest: Math.min,
    digits: 2,
  },
] as const;

/** Of each figure ours, that of the best peer and the ratio of the two; then everybody's. */
function comparisonPage({ repetitions, figures, failures }: Comparison): string {
  const shapes = [...new Set(figures.map(({ shape }) => shape))];
  const peers = [...new Set(figures.map(({ peer }) => peer))].filter((peer) => peer !== OURS);
  const find = (shape: string, peer: string) => figures.find((one) => one.shape === shape && one.peer === peer);
  const ratios = RATIOS.flatMap(({ title, value, isBest, digits }) =>
    shapes.flatMap((shape) => {
      const ours = find(shape, OURS);
      const others = figures.filter((one) => one.shape === shape && one.peer !== OURS && one.peer !== FLOOR);
      const best = isBest(...others.map((one) => value(one).median));
      const bestPeer = others.find((one) => value(one).median === best);
      const floor = find(shape, FLOOR);
      if (!ours || !bestPeer) return [];
      return [
        [
          `${title}, ${shape}`,
          spread(value(ours), digits),
          `${bestPeer.peer} ${spread(value(bestPeer), digits)}`,
          (value(ours).median / best).toFixed(2),
          floor ? (value(ours).median / value(floor).median).toFixed(2) : 'not a tree',
        ],
      ];
    }),
  );
  const everybody = [OURS, ...peers].map((peer) => [
    peer,
    ...RATIOS.slice(0, 2).flatMap(({ value, digits }) =>
      shapes.map((shape) => {
        const one = find(shape, peer);
        return one ? value(one).median.toFixed(digits) : '';
      }),
    ),
  ]);
  return `## Beside other engines

The same work by turns, ${repetitions} repetition(s), order reversed in every second one; medians, lowest and highest in brackets.
The floor is plain BullMQ flows with nothing durable beside them.

${table(['figure', 'this service', 'best other engine', 'ratio to it', 'ratio to the floor'], ratios)}

${table(['engine', ...RATIOS.slice(0, 2).flatMap(({ title }) => shapes.map((shape) => `${title}, ${shape}`))], everybody)}
${failures.map(({ peer, error }) => `\n- ${peer} was not measured: ${error}`).join('')}`;
}

function spread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function memory({ shapes }: Report): string {
  const peak = shapes.at(-1)?.cost?.peakMegabytes;
  if (!peak) return '';
  return `Peak memory at the end: ${PARTS.map((part) => `${part} ${whole(peak[part])} MB`).join(', ')}.`;
}

function chart({ shapes }: Report): string {
  const bars = shapes.map(({ stepsPerSecond }) => stepsPerSecond.toFixed(0));
  return `\`\`\`mermaid
xychart-beta
  title "steps per second"
  x-axis [${shapes.map(({ shape }) => shape).join(', ')}]
  y-axis "steps/s"
  bar [${bars.join(', ')}]
\`\`\``;
}
