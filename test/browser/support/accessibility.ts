import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** @throws AssertionError with each thing that axe finds wrong on the page */
export async function assertAccessible(page: Page): Promise<void> {
  assert.deepEqual(await findings(axeFor(page).withTags(RULES)), [], `axe on ${page.url()}`);
}

/** What changes with the colours alone. @throws AssertionError with each text that is too faint */
export async function assertReadable(page: Page): Promise<void> {
  assert.deepEqual(await findings(axeFor(page).withRules(['color-contrast'])), [], `contrast on ${page.url()}`);
}

/** Our pages have no frames: without the page that axe opens to join theirs it is three times as fast. */
function axeFor(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
}

async function findings(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary ?? ''}`),
  );
}

/** @throws AssertionError when something makes the page wider than its window */
export async function assertFits(page: Page): Promise<void> {
  const over = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  assert.ok(over <= 0, `${page.url()} is ${over} px wider than its window`);
}
