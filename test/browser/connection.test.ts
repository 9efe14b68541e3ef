import assert from 'node:assert/strict';
import { startConsole, type TestConsole } from './support/console.ts';
import { HELD } from './support/workflows.ts';

describe('a lost connection', function () {
  this.timeout(60_000);
  let console: TestConsole;

  before(async function () {
    console = await startConsole(this);
    await console.define(HELD);
  });
  afterEach(() => console.wire.mend());
  after(() => console.close());

  it('is said, and what happened meanwhile is there when it is back', async () => {
    const page = await console.open(`${await console.start('held')}?view=events`);
    await page.getByText('node.started').waitFor();
    console.wire.cut();
    await page.getByRole('alert').getByText('No connection to the service').waitFor();
    await page
      .getByText(/Disconnected for/)
      .first()
      .waitFor();
    assert.ok(await page.getByText('node.started').isVisible(), 'what is known stays');
    console.held.release();
    console.wire.mend();
    await page.getByText('run.succeeded').waitFor();
    await page.getByText('No connection to the service').waitFor({ state: 'detached' });
    const sequences = await page.locator('.event-line > .numeric:first-child').allInnerTexts();
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => String(index + 1)),
      'no event is missing or twice',
    );
    await page.context().close();
  });

  it('costs a log no line, and doubles none', async () => {
    const page = await console.open(`${await console.start('held')}?node=hold&tab=logs`);
    await page.getByText('holding').waitFor();
    console.wire.cut();
    await page
      .getByText(/Disconnected for/)
      .first()
      .waitFor();
    console.held.release();
    console.wire.mend();
    await page.getByText('let go').waitFor();
    await page.getByText('2 lines', { exact: true }).waitFor();
    await page.context().close();
  });

  it('leaves a page that was opened meanwhile waiting with a reason', async () => {
    const page = await console.open('/workflows');
    await page.getByRole('link', { name: 'held' }).waitFor();
    console.wire.cut();
    await page.getByRole('link', { name: 'held' }).click();
    await page
      .getByText(/does not answer|could not be shown/)
      .first()
      .waitFor();
    console.wire.mend();
    await page.getByText('No connection to the service').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'held' }).waitFor();
    await page.context().close();
  });
});
