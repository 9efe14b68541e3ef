import assert from 'node:assert/strict';
import type { TestConsole } from '../support/console.ts';

export function testConnection(console: TestConsole): void {
  describe('a lost connection', () => {
    afterEach(() => console.wire.mend());

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
    });

    it('leaves a page that was opened meanwhile waiting with a reason', async () => {
      const page = await console.open('/workflows');
      await page.getByRole('link', { name: 'held', exact: true }).waitFor();
      console.wire.cut();
      await page.getByRole('link', { name: 'held', exact: true }).click();
      await page
        .getByText(/does not answer|could not be shown/)
        .first()
        .waitFor();
      console.wire.mend();
      await page.getByText('No connection to the service').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: 'held' }).waitFor();
    });

    it('says of a service that is slow what is awaited and since when, and shows it when it comes', async () => {
      const page = await console.open('/');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      console.wire.stall();
      await page.getByRole('link', { name: 'Agents' }).click();
      await page.getByText(/^Loading .+, for \d/).waitFor();
      console.wire.mend();
      await page.getByRole('link', { name: 'chatter' }).waitFor();
    });
  });
}
