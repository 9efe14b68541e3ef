import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, assertFits, assertReadable } from './support/accessibility.ts';
import { TestConsole } from './support/console.ts';

/** The third test makes the first token: from then on nothing goes without one. */
describe('the page of the tokens', function () {
  this.timeout(300_000);
  const console = new TestConsole();
  let page: Page;

  before(async function () {
    await console.setUp(this);
    await console.define({ name: 'limited', nodes: [{ id: 'a', transform: '1' }] });
    page = await console.open('/tokens', { viewport: { width: 1280, height: 900 } });
  });
  after(() => console.tearDown());

  async function assertLooks(): Promise<void> {
    await page.emulateMedia({ colorScheme: 'light' });
    await assertAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await assertReadable(page);
    for (const width of [360, 2560, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await assertFits(page);
    }
  }

  async function make(name: string, scope: string): Promise<string> {
    await page.getByRole('button', { name: 'Make a token…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Make a token' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Scope').selectOption(scope);
    await dialog.getByRole('button', { name: 'Make it' }).click();
    return shownSecret(name);
  }

  async function shownSecret(name: string): Promise<string> {
    const secret = page.getByRole('dialog').getByRole('region', { name: `The token ${name}` });
    await secret.waitFor();
    return (await secret.innerText()).trim();
  }

  const close = () => page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const statusOf = async (token: string) => (await console.room.get('/api/session', { token })).status;

  it('says what holds while there is none, and shows what projects have', async () => {
    await page.getByText('No token yet').waitFor();
    await row('default').getByText('1 of 10,000').waitFor();
    await assertLooks();
  });

  it('refuses a first token that would shut everybody out, and says why', async () => {
    await page.getByRole('button', { name: 'Make a token…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Make a token' });
    await dialog.getByText('This is the first token').waitFor();
    await dialog.getByLabel('Name').fill('eyes');
    await dialog.getByLabel('Scope').selectOption('viewer');
    await assertLooks();
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('Nobody would be admin then').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('makes the first one by the keyboard, shows it once, and logs in with it', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Make a token…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Make a token' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('root');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const secret = await shownSecret('root');
    assert.match(secret, /^cc_[\w-]{43}$/);
    await assertLooks();
    assert.equal((await console.room.get('/api/session')).status, 401);
    assert.equal(await statusOf(secret), 200);
    await page.getByRole('button', { name: 'Log in with it' }).click();
    await row('root').getByText('admin').waitFor();
    assert.ok(!(await page.content()).includes(secret), 'the token is shown once');
  });

  it('makes, rotates and revokes others, after it has said what that means', async () => {
    const first = await make('dashboard', 'viewer');
    await close();
    await row('dashboard').getByText('viewer').waitFor();
    assert.equal(await statusOf(first), 200);

    await page.getByRole('button', { name: 'Rotate dashboard' }).click();
    await page.getByRole('dialog').getByText('The old one ends at once').waitFor();
    await assertLooks();
    await page.getByRole('button', { name: 'Rotate it' }).click();
    const second = await shownSecret('dashboard');
    await close();
    assert.deepEqual([await statusOf(first), await statusOf(second)], [401, 200]);

    await page.getByRole('button', { name: 'Revoke dashboard' }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await row('dashboard').getByText('revoked').waitFor();
    assert.equal(await statusOf(second), 401);
    assert.equal(await page.getByRole('button', { name: 'Revoke dashboard' }).count(), 0);
    const content = await page.content();
    assert.ok(!content.includes(first) && !content.includes(second));
    await assertLooks();
  });

  it('never revokes the last one of an administrator, and says what to do', async () => {
    await page.getByRole('button', { name: 'Revoke root' }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('dialog').getByText('make a token with the scope admin').waitFor();
    await close();
  });
});
