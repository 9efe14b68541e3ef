import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { startRoom, type TestRoom } from '../../http/support/room.ts';
import { createHeld, type Held } from '../../support/held.ts';
import { layWire, type Wire } from '../../support/wire.ts';
import { broken, chatter } from './agents.ts';
import { openBrowser } from './browser.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What a browser says when a request fails: some tests cut the wire on purpose. */
const OF_THE_WIRE = /^Failed to load resource|Unable to preload CSS|Failed to fetch dynamically imported module/;

const MOST_TEXT = 4_000;
/** Run in the page: where its lists are scrolled to, and what has the focus. */
const SEEN = `[...document.querySelectorAll('.virtual')]
  .map((list) => list.ariaLabel + ' at ' + list.scrollTop + ' of ' + list.scrollHeight)
  .concat('focus: ' + document.activeElement?.outerHTML.slice(0, 200)).join('\\n')`;

interface Parts {
  readonly browser: Browser;
  readonly room: TestRoom;
  readonly wire: Wire;
}

/** The built console, served by a real API with real workers behind it, in a real browser: one for all suites. */
export class TestConsole {
  readonly held: Held = createHeld();
  readonly #faults: string[] = [];
  /** What pages have asked for and not been told yet. */
  readonly #asked = new Set<Request>();
  #parts: Parts | undefined;
  #page: Page | undefined;

  async setUp(context: Mocha.Context): Promise<void> {
    const browser = await openBrowser(context);
    await promisify(execFile)(process.execPath, ['scripts/ensure-build.mjs'], { cwd: ROOT });
    const room = await startRoom({
      agents: { held: this.held.agent, chatter, broken, echo: (input) => input },
      parts: { consoleFolder: resolve(ROOT, 'dist/web') },
      // nobody listens there: links are looked at, not followed
      env: { TRACE_URL: 'http://127.0.0.1:9/trace/{traceId}' },
    });
    this.#parts = { browser, room, wire: await layWire(room.room.address().port) };
  }

  /** Fails when a page has said an error. */
  async tearDown(): Promise<void> {
    if (!this.#parts) return;
    const { browser, room, wire } = this.#parts;
    this.held.release();
    await browser.close();
    await wire.close();
    await room.close();
    assert.deepEqual(this.#faults, [], 'no page has an error');
  }

  /** What the one page shows, and what pages wait for: printed beside a failure, which seldom says it. */
  async picture(): Promise<string> {
    const page = this.#page;
    if (!page) return 'no page is open';
    const seen = await page.evaluate<string>(SEEN);
    const asked = [...this.#asked].map((request) => `${request.method()} ${request.url()}`);
    return [page.url(), seen, ...asked, await page.innerText('body')].join('\n').slice(0, MOST_TEXT);
  }

  get room(): TestRoom {
    return this.#started.room;
  }

  get wire(): Wire {
    return this.#started.wire;
  }

  get #started(): Parts {
    assert.ok(this.#parts, 'the console is set up');
    return this.#parts;
  }

  /** The browser's one page at an address of the console, loaded anew; with options a page with a context of its own. */
  async open(path: string, options?: BrowserContextOptions): Promise<Page> {
    const page = options ? await this.#newPage(options) : (this.#page ??= await this.#newPage({}));
    await page.goto(this.wire.url + path);
    return page;
  }

  async #newPage(options: BrowserContextOptions): Promise<Page> {
    const page = await (await this.#started.browser.newContext(options)).newPage();
    page.on('pageerror', (error) => this.#faults.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !OF_THE_WIRE.test(message.text()))
        this.#faults.push(`${page.url()}: ${message.text()}`);
    });
    page.on('request', (request) => this.#asked.add(request));
    page.on('requestfinished', (request) => this.#asked.delete(request));
    page.on('requestfailed', (request) => this.#asked.delete(request));
    return page;
  }

  async define(...definitions: readonly object[]): Promise<void> {
    await Promise.all(
      definitions.map(async (definition) => {
        const { status, text } = await this.room.post('/api/workflows', definition);
        assert.equal(status, 201, text);
      }),
    );
  }

  /** Starts a run and gives its page's address. */
  async start(workflow: string, input: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const { body } = await this.room.post(`/api/workflows/${workflow}/trigger`, { input }, { headers });
    return `/workflows/${workflow}/runs/${(body as { workflowRunId: string }).workflowRunId}`;
  }

  /** Starts a run, waits for its end, and gives its page's address. */
  async finish(workflow: string, input?: object): Promise<string> {
    const path = await this.start(workflow, input);
    await this.room.get(`/api${path}?wait=20`);
    return path;
  }
}
