import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import type { TestConsole } from '../support/console.ts';
import { DIAMOND, named } from '../support/workflows.ts';

export function testWorkflow(console: TestConsole): void {
  describe('the page of a workflow', () => {
    before(async () => {
      await console.define(named(DIAMOND, 'own-diamond'));
    });

    it('starts a run with a form drawn from the input schema, which is also a command', async () => {
      const page = await console.open('/workflows/own-diamond', { permissions: ['clipboard-read', 'clipboard-write'] });
      await page.getByRole('button', { name: 'Run…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Run own-diamond' });
      await dialog.getByRole('button', { name: 'Start the run' }).click();
      await dialog.getByText('Is required').waitFor();
      await dialog.getByLabel('text').fill("it's here");
      await dialog.getByLabel('times').fill('2');
      await dialog.getByRole('button', { name: 'Copy as CLI' }).click();
      await dialog.getByRole('button', { name: 'Copied' }).waitFor();
      const cli = await page.evaluate<string>('navigator.clipboard.readText()');
      assert.equal(
        cli,
        String.raw`npx commandcenter run own-diamond --watch --input 'text=it'\''s here' --input 'times=2'`,
      );
      await dialog.getByRole('button', { name: 'Start the run' }).click();
      await page.getByText('Complete', { exact: true }).waitFor();
      await page.getByRole('tab', { name: 'Input and output' }).click();
      await page.getByText('"times": 2').waitFor();
    });

    it('shows what is wrong with a definition at its line, and stores it when it is right', async () => {
      const page = await console.open('/workflows/own-diamond?view=definition');
      const text = page.getByRole('textbox', { name: 'Definition' });
      await text.fill('name: own-diamond\nnodes:\n  - id: scan\n    agent: nobody\n');
      await page.getByRole('button', { name: 'Check' }).click();
      await page.getByRole('button', { name: /^Line 4 nodes\[0\]\.agent/ }).click();
      await page.locator('.cm-lint-marker-error').waitFor();
      assert.equal(await page.evaluate('document.activeElement.textContent.includes("nobody")'), true);
      await text.fill('{ "name": ');
      await page
        .getByRole('button', { name: /^Line 1 / })
        .first()
        .waitFor();
      await text.fill('name: own-diamond\ndescription: Exactly one node\nnodes:\n  - id: scan\n    agent: echo\n');
      await page.getByRole('button', { name: 'Save as version 2' }).click();
      await page.getByText('Exactly one node').first().waitFor();
      await page.getByRole('button', { name: 'Save as version 3' }).waitFor();
    });

    it('completes fields and names while a definition is written, with the keyboard alone', async () => {
      const page = await console.open('/new-workflow');
      const text = page.getByRole('textbox', { name: 'Definition' });
      await text.fill('name: completed\nnodes:\n  - id: only\n    agent: ');
      await text.press('Control+End');
      // what may stand there is asked of the server: asked for too early, there is nothing to choose from
      const offered = (name: string) => {
        const option = page.getByRole('option', { name });
        return waitFor(
          async () => {
            if (!(await option.isVisible())) await text.press('Control+Space');
            return (await option.isVisible()) && option;
          },
          { describe: `${name} to be offered`, intervalMs: 250 },
        );
      };
      const echo = await offered('echo');
      const isChosen = async () => (await echo.getAttribute('aria-selected')) === 'true';
      // the editor takes keys for the list a moment after it has opened, lest one meant for the text is lost to it
      await waitFor(async () => (await isChosen()) || (await text.press('ArrowDown'), isChosen()), {
        describe: 'the agent to be chosen',
      });
      await text.press('Enter');
      await page.getByText('agent: echo').waitFor();
      await text.press('Enter');
      await text.pressSequentially('runI');
      await offered('runIf');
    });

    it('tells what each node would do, without running any', async () => {
      const page = await console.open('/workflows/diamond?view=test');
      await page.getByLabel('Input, a JSON object').fill('{ "text": "hello" }');
      await page.getByLabel('Outputs by node, a JSON object').fill('{ "scan": { "text": "seen" } }');
      await page.getByRole('button', { name: 'Test it' }).click();
      const row = (node: string) =>
        page.getByRole('row').filter({ has: page.getByRole('cell', { name: node, exact: true }) });
      await row('scan').getByText('output as given').waitFor();
      await row('review').getByText('would run').waitFor();
      await row('check').getByText('computed').waitFor();
      await row('check').getByText('Output').click();
      await row('check').getByText('"seen!"').waitFor();
      await page.getByLabel('Input, a JSON object').fill('[1]');
      await page.getByRole('button', { name: 'Test it' }).click();
      await page.getByRole('alert').getByText('Must be an object').waitFor();
    });

    it('says when a schedule starts it next, and what its triggers decided', async () => {
      const alert = { labels: { alertname: 'SlowConsole', team: 'console' } };
      await console.room.post('/api/webhooks/alertmanager', { alerts: [alert] });
      await console.room.post('/api/webhooks/alertmanager', {
        alerts: [{ ...alert, startsAt: '2030-01-01T00:00:00Z' }],
      });
      const page = await console.open('/workflows');
      await page
        .getByText(/next in \d+/)
        .first()
        .waitFor();
      await page.goto(`${console.wire.url}/workflows/scheduled?view=triggers`);
      await page.getByText(/next run by schedule in/).waitFor();
      await page.getByText('Last decision: cooldown').click();
      const decisions = page.getByRole('list', { name: 'Decisions' });
      await decisions.getByText('cooldown', { exact: true }).waitFor();
      await decisions.getByRole('link').first().click();
      await page.getByRole('heading', { name: /^scheduled/ }).waitFor();
    });

    it('shows what a version changed, and goes back to an earlier one', async () => {
      const page = await console.open('/workflows/own-diamond?view=versions');
      await page.getByText('/description').first().waitFor();
      await page.getByRole('button', { name: /^Version 1/ }).click();
      await page.getByRole('button', { name: 'Make it the current one' }).click();
      await page.getByText('Version 3, current').waitFor();
    });

    it('makes a new workflow from text', async () => {
      const page = await console.open('/new-workflow');
      await page
        .getByRole('textbox', { name: 'Definition' })
        .fill('name: from-yaml\nnodes:\n  - id: only\n    transform: "1"\n');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('heading', { name: 'from-yaml' }).waitFor();
    });

    it('tries an agent alone', async () => {
      const page = await console.open('/agents/echo');
      await page.getByRole('button', { name: 'Run it once' }).click();
      await page.getByRole('heading', { name: /^try-echo/ }).waitFor();
      await page.getByText('Complete', { exact: true }).waitFor();
    });
  });
}
