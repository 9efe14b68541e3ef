import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startRoom, type TestRoom } from './support/room.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('a real browser', () => {
  let room: TestRoom | undefined;
  let browser: Browser | undefined;
  let url = '';
  let page: Page;
  const complaints: string[] = [];
  const elsewhere: string[] = [];

  before(async function () {
    this.timeout(300_000);
    // needs Chromium, which `npm test` installs where it may
    if (!existsSync(CHROMIUM)) this.skip();
    room = await startRoom({ env: { AUTH_TOKENS: 'ann:admin:secret-of-ann' } });
    url = room.url;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    page = await browser.newPage();
    page.on('console', (message) => {
      if (/Content Security Policy|violates/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('response', (response) => {
      if (!response.url().startsWith(url) && response.url().startsWith('http')) elsewhere.push(response.url());
    });
  });
  after(async function () {
    await browser?.close();
    await room?.close();
  });

  it('logs in by the form, and comes to the page that it asked for', async function () {
    this.timeout(300_000);
    await page.goto(`${url}/docs`);
    await page.fill('#token', 'wrong');
    await page.click('button');
    await page.getByRole('alert').waitFor();
    await page.goto(`${url}/docs`);
    await page.fill('#token', 'secret-of-ann');
    await page.click('button');
    await page.waitForURL(`${url}/docs`);
  });

  it('shows the API’s documentation', async function () {
    this.timeout(300_000);
    await page.getByText('Whether the process serves').first().waitFor({ timeout: 30_000 });
    assert.deepEqual(complaints, []);
  });

  it('shows the queues', async function () {
    this.timeout(300_000);
    await page.goto(`${url}/admin/queues`);
    await page.getByText('steps').first().waitFor({ timeout: 30_000 });
    // the font of others that Bull Board names is not loaded, and that is all the browser has to say
    assert.deepEqual(
      complaints.filter((text) => !text.includes('fonts.googleapis.com')),
      [],
    );
  });

  it('has loaded nothing from elsewhere', () => {
    assert.deepEqual(elsewhere, []);
  });
});
