import assert from 'node:assert/strict';
import { startConsole, type TestConsole } from './support/console.ts';
import { DIAMOND } from './support/workflows.ts';

describe('the page of a workflow', function () {
  this.timeout(60_000);
  let console: TestConsole;

  before(async function () {
    console = await startConsole(this);
    await console.define(DIAMOND);
  });
  after(() => console.close());

  it('starts a run with a form drawn from the input schema, which is also a command', async () => {
    const page = await console.open('/workflows/diamond', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run diamond' });
    await dialog.getByRole('button', { name: 'Start the run' }).click();
    await dialog.getByText('Is required').waitFor();
    await dialog.getByLabel('text').fill("it's here");
    await dialog.getByLabel('times').fill('2');
    await dialog.getByRole('button', { name: 'Copy as CLI' }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    const cli = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(cli, String.raw`npx commandcenter run diamond --watch --input 'text=it'\''s here' --input 'times=2'`);
    await dialog.getByRole('button', { name: 'Start the run' }).click();
    await page.getByText('Complete', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Input and output' }).click();
    await page.getByText('"times": 2').waitFor();
    await page.context().close();
  });

  it('shows what is wrong with a definition at its line, and stores it when it is right', async () => {
    const page = await console.open('/workflows/diamond?view=definition');
    const text = page.getByRole('textbox', { name: 'Definition' });
    const good = await text.inputValue();
    await text.fill(good.replace('"agent": "chatter"', '"agent": "nobody"'));
    await page.getByRole('button', { name: 'Check' }).click();
    const line = good.slice(0, good.indexOf('"agent": "chatter"')).split('\n').length;
    await page.getByRole('button', { name: new RegExp(`^Line ${line} `) }).waitFor();
    await text.fill('{ "name": ');
    await page
      .getByRole('button', { name: /^Line 1 / })
      .first()
      .waitFor();
    await text.fill(good.replace('Four nodes', 'Exactly four nodes'));
    await page.getByRole('button', { name: 'Save as version 2' }).click();
    await page.getByText('Exactly four nodes').first().waitFor();
    await page.getByRole('button', { name: 'Save as version 3' }).waitFor();
    await page.context().close();
  });

  it('shows what a version changed, and goes back to an earlier one', async () => {
    const page = await console.open('/workflows/diamond?view=versions');
    await page.getByText('/description').waitFor();
    await page.getByRole('button', { name: /^Version 1/ }).click();
    await page.getByRole('button', { name: 'Make it the current one' }).click();
    await page.getByText('Version 3, current').waitFor();
    await page.context().close();
  });

  it('makes a new workflow from text', async () => {
    const page = await console.open('/new-workflow');
    await page
      .getByRole('textbox', { name: 'Definition' })
      .fill('name: from-yaml\nnodes:\n  - id: only\n    transform: "1"\n');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'from-yaml' }).waitFor();
    await page.context().close();
  });

  it('tries an agent alone', async () => {
    const page = await console.open('/agents/echo');
    await page.getByRole('button', { name: 'Run it once' }).click();
    await page.getByRole('heading', { name: /^try-echo/ }).waitFor();
    await page.getByText('Complete', { exact: true }).waitFor();
    await page.context().close();
  });
});
