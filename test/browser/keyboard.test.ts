import assert from 'node:assert/strict';
import { startConsole, type TestConsole } from './support/console.ts';
import { DIAMOND, FAILING } from './support/workflows.ts';

describe('the console without a mouse', function () {
  this.timeout(60_000);
  let console: TestConsole;

  before(async function () {
    console = await startConsole(this);
    await Promise.all([DIAMOND, FAILING].map((definition) => console.define(definition)));
    await console.finish('diamond', { text: 'a' });
    await console.finish('failing');
  });
  after(() => console.close());

  it('goes to the runs, finds the failed one, opens it and retries it', async () => {
    const page = await console.open('/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('disk is full');
    await page.getByText('1 runs').waitFor();
    await page.keyboard.press('Tab');
    await page
      .locator('main')
      .getByRole('link', { name: /failing/ })
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
    await page.context().close();
  });

  it('moves among rows with j and k, and lists its keys with ?', async () => {
    const page = await console.open('/runs');
    await page.getByRole('link', { name: /diamond/ }).waitFor();
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
    await page.context().close();
  });

  it('chooses a node of the graph', async () => {
    const page = await console.open('/workflows/diamond');
    const node = page.getByRole('group', { name: /^review/ });
    await node.waitFor();
    await node.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Node review' }).waitFor();
    await page.context().close();
  });

  it('skips the navigation', async () => {
    const page = await console.open('/queues');
    await page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'To the content');
    await page.context().close();
  });
});
