import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, assertFits, assertReadable } from '../support/accessibility.ts';
import type { TestConsole } from '../support/console.ts';
import { DIAMOND, named } from '../support/workflows.ts';

const SMALL = { width: 360, height: 740 };
const MIDDLE = { width: 1280, height: 900 };
const LARGE = { width: 2560, height: 1300 };

/** Name, address, and a text that stands on the page once it is complete; DONE and FAILED are runs. */
const PAGES = [
  ['overview', '/', 'Latest runs'],
  ['workflows', '/workflows', 'diamond'],
  ['a workflow', '/workflows/pages-diamond?node=scan', 'Agent echo'],
  ['runs of a workflow', '/workflows/pages-diamond?view=runs', 'Success'],
  ['triggers of a workflow', '/workflows/pages-diamond?view=triggers', 'It is started by hand only'],
  ['a schedule and decisions', '/workflows/scheduled?view=triggers', 'Next run'],
  ['a workflow without running it', '/workflows/pages-diamond?view=test', 'Test it'],
  ['versions of a workflow', '/workflows/pages-diamond?view=versions', 'The first version.'],
  ['definition of a workflow', '/workflows/pages-diamond?view=definition', 'No problems'],
  ['a new workflow', '/new-workflow', 'No problems'],
  ['a run', 'DONE', 'Complete'],
  ['a run that failed', 'FAILED?node=unpack&tab=attempts', 'Attempt 1'],
  ['timeline and log', 'DONE?view=timeline&node=review&tab=logs', 'line 5 of the work'],
  ['nodes and input', 'DONE?view=nodes&node=scan&tab=input', 'as the node got it'],
  ['data of a run', 'DONE?view=data', 'Trigger'],
  ['events of a run', 'DONE?view=events', 'run.succeeded'],
  ['comparison of runs', 'DONE?view=compare', 'no other run yet'],
  ['runs', '/runs', 'diamond'],
  ['a search without result', '/runs?q=surely-nothing', 'No run fits'],
  ['approvals', '/approvals', 'May I?'],
  ['alerts', '/alerts', 'DiskFull'],
  ['agents', '/agents', 'chatter'],
  ['an agent', '/agents/echo', 'Try it'],
  ['queues', '/queues', 'Workers of the last hour'],
  ['what the doctor sees', '/doctor', 'Parts'],
  ['an address without a page', '/nowhere', 'There is no such page'],
] as const;

export function testPages(console: TestConsole): void {
  describe('the pages of the console', () => {
    let page: Page;
    const runs = { DONE: '', FAILED: '' };
    const foreign: string[] = [];

    before(async () => {
      await console.define(named(DIAMOND, 'pages-diamond'));
      runs.DONE = await console.finish('pages-diamond', { text: 'hello' });
      runs.FAILED = await console.finish('failing');
      await console.start('gated');
      await console.room.post('/api/webhooks/alertmanager', { alerts: [{ labels: { alertname: 'DiskFull' } }] });
      page = await console.open('/', { viewport: MIDDLE });
      page.on('request', (request) => {
        if (!request.url().startsWith(console.wire.url)) foreign.push(request.url());
      });
    });

    /** As the browser's own back and forward: without loading the console anew. */
    const goTo = (path: string): Promise<void> =>
      page.evaluate(
        `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
      );

    for (const [name, path, text] of PAGES) {
      it(`show ${name}: readable in both colours, for every kind of reader, at 360 and at 2,560 px`, async () => {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize(MIDDLE);
        await goTo(path.replace(/^(?:DONE|FAILED)/, (run) => runs[run as keyof typeof runs]));
        await page.locator('main').getByText(text).first().waitFor();
        await assertAccessible(page);
        await assertFits(page);
        await page.emulateMedia({ colorScheme: 'dark' });
        await assertReadable(page);
        await page.setViewportSize(SMALL);
        await assertFits(page);
        await page.setViewportSize(LARGE);
        await assertFits(page);
      });
    }

    it('ask nobody but the service for anything', () => {
      assert.deepEqual(foreign, []);
    });

    it('follow the colours of the system, and remember a choice', async () => {
      const other = await console.open('/', { colorScheme: 'dark' });
      const ground = (): Promise<string> =>
        other.evaluate('getComputedStyle(document.documentElement).backgroundColor');
      const dark = await ground();
      await other.getByRole('button', { name: 'Light' }).click();
      assert.notEqual(await ground(), dark);
      await other.reload();
      await other.getByRole('button', { name: 'Light', pressed: true }).waitFor();
    });

    it('show times relative, local or in UTC', async () => {
      const tokyo = await console.open('/runs', { timezoneId: 'Asia/Tokyo' });
      const time = tokyo.locator('main time').first();
      await time.getByText(/ago|just now/).waitFor();
      await tokyo.getByRole('button', { name: 'UTC' }).click();
      await time.getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/).waitFor();
      const utc = Date.parse((await time.innerText()).replace(' UTC', 'Z').replace(' ', 'T'));
      await tokyo.getByRole('button', { name: 'Local' }).click();
      const local = Date.parse(`${(await time.innerText()).replace(' ', 'T')}Z`);
      assert.equal(local - utc, 9 * 3_600_000);
    });
  });
}
