import { TestConsole } from './support/console.ts';
import { DIAMOND, FAILING, GATED, HELD, SCHEDULED, TALKING } from './support/workflows.ts';
import { testConnection } from './suites/connection.ts';
import { testDoctor } from './suites/doctor.ts';
import { testKeyboard } from './suites/keyboard.ts';
import { testLarge } from './suites/large.ts';
import { testPages } from './suites/pages.ts';
import { testRun } from './suites/run.ts';
import { testRuns } from './suites/runs.ts';
import { testWorkflow } from './suites/workflow.ts';

/** One service and one browser for all suites: a suite that changes a workflow has one of its own. */
describe('the console', function () {
  this.timeout(300_000);
  const console = new TestConsole();

  before(async function () {
    await console.setUp(this);
    await console.define(DIAMOND, FAILING, GATED, HELD, SCHEDULED, TALKING);
  });
  after(() => console.tearDown());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') process.stdout.write(`${await console.picture().catch(String)}\n`);
  });

  testPages(console);
  testWorkflow(console);
  testRun(console);
  testRuns(console);
  testDoctor(console);
  testKeyboard(console);
  testConnection(console);
  testLarge(console);
});
