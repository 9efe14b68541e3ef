import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { collect, type Traces } from './history/collect.ts';
import type { History } from './history/history.ts';
import { INVARIANTS } from './invariants/invariants.ts';
import type { Violation } from './invariants/invariant.ts';
import { timelineOf } from './timeline.ts';

/**
 * The history checker: proves I1 to I15 from what is left of a time of chaos. As a program,
 * `node --import=tsx bench/chaos/check.ts TRACES.json` reads where the traces are (history/collect.ts), prints each
 * violation with its timeline and exits with 1 if there is one.
 */

export interface Verdict {
  readonly id: string;
  readonly promise: string;
  readonly violations: readonly Violation[];
}

export function check(history: History): Verdict[] {
  return INVARIANTS.map((invariant) => ({
    id: invariant.id,
    promise: invariant.promise,
    violations: invariant.check(history),
  }));
}

const MOST_SHOWN = 5;

/** The verdicts as text: a line for each invariant, the first violations of each with their timelines. */
export function report(verdicts: readonly Verdict[], history: History): string {
  return verdicts
    .flatMap(({ id, promise, violations }) => [
      `${violations.length === 0 ? 'holds ' : 'BROKEN'} ${id.padEnd(3)} ${promise}`,
      ...violations
        .slice(0, MOST_SHOWN)
        .flatMap(({ message, runId }) => [
          `  ${message}`,
          ...(runId === undefined ? [] : timelineOf(history, runId).map((line) => `    ${line}`)),
        ]),
      ...(violations.length > MOST_SHOWN ? [`  and ${violations.length - MOST_SHOWN} more`] : []),
    ])
    .join('\n');
}

export function isClean(verdicts: readonly Verdict[]): boolean {
  return verdicts.every(({ violations }) => violations.length === 0);
}

async function main(file: string): Promise<void> {
  const history = await collect(JSON.parse(await readFile(file, 'utf8')) as Traces);
  const verdicts = check(history);
  console.log(report(verdicts, history));
  process.exitCode = isClean(verdicts) ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2] ?? '');
