// Mocha's spec reporter, which also writes the outcome to the file TEST_OUTCOME for scripts/test.mjs to add up.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class OutcomeReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const skipped = [];
    runner.on('fail', (test) => failed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.once('end', () => {
      const { passes } = this.stats;
      writeFileSync(process.env.TEST_OUTCOME, JSON.stringify({ passed: passes, failed, skipped }));
    });
  }
}
