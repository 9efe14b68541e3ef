import type { Figures } from './measure.ts';
import { PARTS } from './service.ts';

/** Everything that one run of the benchmark found out. */
export interface Report {
  readonly at: string;
  readonly cpus: number;
  readonly node: string;
  readonly workers: number;
  readonly isQuick: boolean;
  /** From the start of a worker's process to its answer that it is well, in milliseconds; no migration is due. */
  readonly startMs: number;
  /** Undefined where the system does not tell. */
  readonly idleCores: number | undefined;
  readonly shapes: (Figures & { readonly bareFlowsStepsPerSecond?: number })[];
  readonly postgresFloors: { readonly batch: number; readonly stepsPerSecond: number }[];
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

- A worker was ready ${whole(startMs)} ms after its start.
- Idle, everything together used ${idleCores === undefined ? 'an unknown share' : `${(idleCores * 100).toFixed(1)} %`} of a core.
- Bare Postgres, an insert and an update per step: ${postgresFloors
    .map(({ batch, stepsPerSecond }) => `${whole(stepsPerSecond)} steps/s in statements of ${batch}`)
    .join(', ')}.
`;
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
