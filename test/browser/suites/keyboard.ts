import assert from 'node:assert/strict';
import type { TestConsole } from '../support/console.ts';
import { DIAMOND, FAILING, named } from '../support/workflows.ts';

export function testKeyboard(console: TestConsole): void {
  describe('the console without a mouse', () => {
    before(async () => {
      await console.define(named(DIAMOND, 'keys-diamond'), named(FAILING, 'keys-failing'));
      await console.finish('keys-diamond', { text: 'a' });
      await console.finish('keys-failing');
    });

    it('goes to the runs, finds the failed one, opens it and retries it', async () => {
      const page = await console.open('/');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('keys-failing');
      await page.getByText('1 runs').waitFor();
      await page.keyboard.press('Tab');
      await page
        .locator('main')
        .getByRole('link', { name: /keys-failing/ })
        .waitFor();
      await page.locator('body').press('Escape');
      await page.evaluate('document.activeElement.blur()');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const retry = page.getByRole('button', { name: 'Retry from here' });
      await retry.waitFor();
      for (
        let presses = 0;
        presses < 40 && (await page.evaluate('document.activeElement.textContent')) !== 'Retry from here';
        presses++
      ) {
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
      await page.getByText('retry of').waitFor();
    });

    it('moves among rows with j and k, and lists its keys with ?', async () => {
      const page = await console.open('/runs');
      await page.getByRole('link', { name: /keys-diamond/ }).waitFor();
      const isFocused = (row: number): Promise<boolean> =>
        page.evaluate(`document.activeElement === document.querySelectorAll('[data-row]')[${row}]`);
      for (const [key, row] of [
        ['j', 0],
        ['j', 1],
        ['k', 0],
      ] as const) {
        await page.keyboard.press(key);
        assert.ok(await isFocused(row), `${key} leads to row ${row}`);
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Go to Approvals').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    it('chooses a node of the graph', async () => {
      const page = await console.open('/workflows/keys-diamond');
      const node = page.getByRole('group', { name: /^review/ });
      await node.waitFor();
      await node.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Node review' }).waitFor();
    });

    it('skips the navigation', async () => {
      const page = await console.open('/queues');
      await page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor();
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'To the content');
    });
  });
}
