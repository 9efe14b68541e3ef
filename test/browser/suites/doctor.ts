import type { TestConsole } from '../support/console.ts';

export function testDoctor(console: TestConsole): void {
  describe('the doctor', () => {
    it('shows an open node as Postgres, the queue and the worker see it, and leads to it', async () => {
      const path = await console.start('held');
      const page = await console.open('/doctor');
      const id = path.split('/').at(-1) ?? '';
      const row = page
        .getByRole('row')
        .filter({ hasText: id.slice(0, 8) })
        .filter({ hasText: 'hold' });
      await row.getByText('in order').waitFor();
      await row.getByText('Running').waitFor();
      await row.getByText(/^test-/).waitFor();
      await row.getByRole('link').click();
      await page.getByRole('complementary', { name: 'Node hold' }).waitFor();
      console.held.release();
    });

    it('repairs when asked, and says what that was', async () => {
      const page = await console.open('/doctor');
      await page.getByRole('button', { name: 'Repair now' }).click();
      const dialog = page.getByRole('dialog', { name: 'What was repaired' });
      await dialog
        .getByText(/Nothing had to be|It adds a job|It removes the gate/)
        .first()
        .waitFor();
    });
  });
}
