import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

/** What a mocha process reports: how many tests passed, the titles of the others. */
export interface Outcome {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

/** How long mocha may live on after its last test, in milliseconds. */
const EXIT_MS = Number(process.env.TEST_EXIT_MS ?? 20_000);
const SLOWEST = 12;

/** Mocha's spec reporter, which also writes the outcome to the file TEST_OUTCOME, where scripts/mocha-run.ts reads it. */
export default class OutcomeReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const failed: string[] = [];
    const skipped: string[] = [];
    const spentIn = new Map<string, number>();
    const spend = ({ file, duration }: Mocha.Runnable): void => {
      const name = relative(process.cwd(), file ?? '');
      spentIn.set(name, (spentIn.get(name) ?? 0) + (duration ?? 0));
    };
    runner.on('test end', spend).on('hook end', spend);
    runner.on('fail', (test) => failed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.once('end', () => {
      const outcome: Outcome = { passed: this.stats.passes, failed, skipped };
      write(outcome);
      printSlowest(spentIn);
      endInTime(outcome);
    });
  }
}

function write(outcome: Outcome): void {
  writeFileSync(process.env.TEST_OUTCOME ?? '/dev/null', JSON.stringify(outcome));
}

function printSlowest(spentIn: ReadonlyMap<string, number>): void {
  const slowest = [...spentIn].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
  console.log('  slowest files:');
  for (const [file, ms] of slowest) console.log(`    ${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`);
  console.log();
}

/** What a test left open would keep the process for ever: it is named, counts as a failure, and the process ends. */
function endInTime(outcome: Outcome): void {
  const end = (): void => {
    const open = process.getActiveResourcesInfo().join(', ');
    write({
      ...outcome,
      failed: [...outcome.failed, `the tests are over, and something keeps their process: ${open}`],
    });
    process.exit(1);
  };
  setTimeout(end, EXIT_MS).unref();
}
