import assert from 'node:assert/strict';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** @throws AssertionError with each thing that axe finds wrong on the page */
export async function assertAccessible(page: Page): Promise<void> {
  assert.deepEqual(await findings(page, { type: 'tag', values: WCAG }), [], `axe on ${page.url()}`);
}

/** What changes with the colours alone. @throws AssertionError with each text that is too faint */
export async function assertReadable(page: Page): Promise<void> {
  assert.deepEqual(await findings(page, { type: 'rule', values: ['color-contrast'] }), [], `contrast on ${page.url()}`);
}

/** axe's own script, read by the page once: it stays while the console goes from page to page. */
async function findings(page: Page, runOnly: RunOptions['runOnly']): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const options: RunOptions = { runOnly: runOnly ?? [], resultTypes: ['violations'], preload: false };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary ?? ''}`),
  );
}

/** What of a card stands over its edge, where it would be cut off or lie over its neighbour. */
const OVER_EDGES = `[...document.querySelectorAll('.card')].filter((card) => card.scrollWidth > card.clientWidth + 1)
  .map((card) => (card.getAttribute('aria-label') ?? card.innerText.slice(0, 40)) + ' is ' + (card.scrollWidth - card.clientWidth) + ' px too wide')`;

/** @throws AssertionError when something makes the page wider than its window, or is wider than its card */
export async function assertFits(page: Page): Promise<void> {
  assert.deepEqual(await page.evaluate<string[]>(OVER_EDGES), [], page.url());
  const over = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  assert.ok(over <= 0, `${page.url()} is ${over} px wider than its window`);
}
