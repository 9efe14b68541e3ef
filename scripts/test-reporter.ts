import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What a mocha process reports: how many tests passed, the titles of the others. */
export interface Outcome {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

/** Mocha's spec reporter, which also writes the outcome to the file TEST_OUTCOME, where scripts/mocha-run.ts reads it. */
export default class OutcomeReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const failed: string[] = [];
    const skipped: string[] = [];
    runner.on('fail', (test) => failed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.once('end', () => {
      const outcome: Outcome = { passed: this.stats.passes, failed, skipped };
      writeFileSync(process.env.TEST_OUTCOME ?? '/dev/null', JSON.stringify(outcome));
    });
  }
}
