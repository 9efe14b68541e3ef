import type { TestConsole } from '../support/console.ts';
import { HELD, named } from '../support/workflows.ts';

export function testRuns(console: TestConsole): void {
  describe('the page of the runs', () => {
    before(() => console.define(named(HELD, 'many-held')));

    it('cancels, then retries all runs that the filter finds, and says what became of them', async () => {
      for (let count = 0; count < 3; count++) await console.start('many-held');
      const page = await console.open('/runs?workflow=many-held');
      await page.getByText('3 runs').waitFor();
      await page.getByRole('button', { name: 'Cancel all…' }).click();
      const cancel = page.getByRole('dialog', { name: 'Cancel every open run that fits' });
      await cancel.getByText('many-held').waitFor();
      await cancel.getByRole('button', { name: 'Cancel them' }).click();
      await cancel.getByText('3 cancelled.').waitFor();
      await cancel.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: 'Retry all…' }).click();
      const retry = page.getByRole('dialog', { name: 'Retry every failed run that fits' });
      await retry.getByRole('button', { name: 'Retry them' }).click();
      await retry.getByText('3 retried as new runs.').waitFor();
      await retry.getByRole('button', { name: 'Close' }).click();
      await page.getByText('6 runs').waitFor();
      console.held.release();
    });

    it('offers no retry of what has not ended', async () => {
      const page = await console.open('/runs?status=RUNNING');
      await page.getByRole('button', { name: 'Retry all…', disabled: true }).waitFor();
      await page.getByRole('button', { name: 'Cancel all…', disabled: false }).waitFor();
    });
  });
}
