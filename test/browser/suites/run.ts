import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import type { TestConsole } from '../support/console.ts';

export function testRun(console: TestConsole): void {
  describe('the page of a run', () => {
    it('says at once which node failed, why, and what it wrote last, and runs it again from there', async () => {
      const page = await console.open(await console.finish('failing'));
      const reason = page.getByRole('region', { name: 'Why the run failed' });
      await reason.getByText('Node unpack failed').waitFor();
      await reason.getByText('final: the disk is full').waitFor();
      await reason.getByText('no space left on device').waitFor();
      const before = page.url();
      await reason.getByRole('button', { name: 'Retry from here' }).click();
      await page.getByText('retry of').waitFor();
      assert.notEqual(page.url(), before);
    });

    it('follows the run as it happens, without being loaded again', async () => {
      const page = await console.open(await console.start('held'));
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('group', { name: /^hold, held, Running/ }).waitFor();
      await page.getByRole('group', { name: /^next, transform, Pending/ }).waitFor();
      console.held.release();
      await page.getByRole('group', { name: /^next, transform, Success/ }).waitFor();
      await page.getByText('Complete', { exact: true }).waitFor();
    });

    it('shows the input, output and log of a node that is chosen in the graph', async () => {
      const page = await console.open(await console.finish('diamond', { text: 'hello' }));
      await page.getByRole('group', { name: /^review/ }).click();
      const panel = page.getByRole('complementary', { name: 'Node review' });
      await panel.getByRole('tab', { name: 'Output' }).click();
      await panel.getByText('"lines": 5').waitFor();
      await panel.getByRole('tab', { name: 'Log' }).click();
      await panel.getByText('line 3 of the work').waitFor();
      await panel.getByRole('searchbox', { name: 'Search the log' }).fill('line 4');
      await panel.getByText('1 of 5 lines').waitFor();
    });

    it('gives every line of a log an address', async () => {
      const page = await console.open(
        `${await console.finish('talking', { lines: 2_000, everyMs: 0 })}?node=talk&tab=logs`,
      );
      await page.getByText('2,000 lines').waitFor();
      await page
        .getByRole('button', { name: /^Link to line \d+ of attempt 1$/ })
        .last()
        .click();
      assert.match(page.url(), /line=1\.\d+/);
      await page.goto(page.url().replace(/line=1\.\d+/, 'line=1.999'));
      await page.getByText('milestone 1000').waitFor();
    });

    it('says why a node waits', async () => {
      const page = await console.open(`${await console.start('held')}?node=next`);
      await page.getByText(/Waits for node hold, which is RUNNING/).waitFor();
      console.held.release();
    });

    it('cancels, and shows the receipt', async () => {
      const page = await console.open(await console.start('held'));
      await page.getByRole('group', { name: /^hold, held, Running/ }).waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      const receipt = page.getByRole('dialog', { name: 'Receipt of the cancel' });
      await receipt.getByText('The run is CANCELLED').waitFor();
      await receipt.getByText(/stopped within/).waitFor();
      await receipt.getByText('had not started').waitFor();
    });

    it('pauses and resumes', async () => {
      const path = await console.start('held');
      const page = await console.open(path);
      await page.getByRole('group', { name: /^hold, held, Running/ }).waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText(/What ran then finishes, nothing new starts/).waitFor();
      console.held.release();
      await page.getByRole('group', { name: /^hold, held, Success/ }).waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByRole('group', { name: /^next, transform, Success/ }).waitFor();
    });

    it('skips a node that should not be waited for', async () => {
      const page = await console.open(`${await console.start('held')}?node=hold`);
      await page.getByRole('button', { name: 'Skip' }).click();
      await page.getByRole('group', { name: /^hold, held, Skipped/ }).waitFor();
      await page.getByText('Complete', { exact: true }).waitFor();
    });

    it('gives a node by hand the output that others need', async () => {
      const page = await console.open(`${await console.start('held')}?node=hold`);
      await page.getByRole('button', { name: 'Mark as done…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Give hold an output' });
      await dialog.getByLabel(/Output, JSON/).fill('{ "by": "hand" }');
      await dialog.getByRole('button', { name: 'Mark as done' }).click();
      await page.getByRole('group', { name: /^next, transform, Success/ }).waitFor();
      await page.getByRole('tab', { name: 'Output', exact: true }).click();
      await page.getByText('"by": "hand"').waitFor();
    });

    it('shows what a node gave otherwise than in the last run', async () => {
      await console.finish('diamond', { text: 'before' });
      const path = await console.finish('diamond', { text: 'after' });
      const page = await console.open(`${path}?node=check&tab=output`);
      await page.getByText('Differences to the last run').click();
      await page.getByText('− "before!"').waitFor();
      await page.getByText('+ "after!"').waitFor();
    });

    it('leads to the trace that the run is part of', async () => {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
      const page = await console.open(await console.start('diamond', { text: 'traced' }, headers));
      const link = page.getByRole('link', { name: `trace ${traceId.slice(0, 8)}` });
      assert.equal(await link.getAttribute('href'), `http://127.0.0.1:9/trace/${traceId}`);
    });

    it('asks for the approval that the run waits for', async () => {
      const page = await console.open(await console.start('gated'));
      await page.getByText('May I?').waitFor();
      await page.getByLabel('Notes').fill('looks fine');
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Complete', { exact: true }).waitFor();
      await page.goto(`${console.wire.url}/approvals`);
      await page.getByRole('cell', { name: 'looks fine' }).waitFor();
    });

    it('compares with another run', async () => {
      await console.finish('diamond', { text: 'one' });
      const page = await console.open(`${await console.finish('diamond', { text: 'two' })}?view=compare`);
      await page.getByText('+ "two"').first().waitFor();
      await page.getByText('− "one"').first().waitFor();
    });

    it('is found by the id of the run alone', async () => {
      const path = await console.finish('diamond', { text: 'by id' });
      const page = await console.open(`/runs/${path.split('/').at(-1) ?? ''}`);
      await waitFor(() => new URL(page.url()).pathname === path, { describe: 'the address of the run' });
    });
  });
}
