import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startRoom, type TestRoom } from '../../http/support/room.ts';
import { createHeld, type Held } from '../../support/held.ts';
import { layWire, type Wire } from '../../support/wire.ts';
import { broken, chatter } from './agents.ts';
import { openBrowser } from './browser.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What a browser says when a request fails: some tests cut the wire on purpose. */
const OF_THE_WIRE = /^Failed to load resource|Unable to preload CSS|Failed to fetch dynamically imported module/;

/** The built console, served by a real API with real workers behind it, in a real browser. */
export interface TestConsole {
  readonly room: TestRoom;
  readonly browser: Browser;
  readonly wire: Wire;
  readonly held: Held;
  /** A page at an address of the console. Closing the console fails when a page said an error. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  define(definition: object): Promise<void>;
  /** Starts a run and gives its page's address. */
  start(workflow: string, input?: object): Promise<string>;
  /** Starts a run, waits for its end, and gives its page's address. */
  finish(workflow: string, input?: object): Promise<string>;
  close(): Promise<void>;
}

export async function startConsole(context: Mocha.Context): Promise<TestConsole> {
  context.timeout(60_000);
  const browser = await openBrowser(context);
  await promisify(execFile)(process.execPath, ['scripts/ensure-build.mjs'], { cwd: ROOT });
  const held = createHeld();
  const room = await startRoom({
    agents: { held: held.agent, chatter, broken, echo: (input) => input },
    parts: { consoleFolder: resolve(ROOT, 'dist/web') },
  });
  const wire = await layWire(room.room.address().port);
  const faults: string[] = [];
  const start = async (workflow: string, input: object = {}): Promise<string> => {
    const { body } = await room.post(`/api/workflows/${workflow}/trigger`, { input });
    return `/workflows/${workflow}/runs/${(body as { workflowRunId: string }).workflowRunId}`;
  };
  return {
    room,
    browser,
    wire,
    held,
    async open(path, options) {
      const page = await (await browser.newContext(options)).newPage();
      page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !OF_THE_WIRE.test(message.text())) faults.push(`${path}: ${message.text()}`);
      });
      await page.goto(wire.url + path);
      return page;
    },
    async define(definition) {
      const { status, text } = await room.post('/api/workflows', definition);
      assert.equal(status, 201, text);
    },
    start,
    async finish(workflow, input) {
      const path = await start(workflow, input);
      await room.get(`/api${path}?wait=20`);
      return path;
    },
    async close() {
      held.release();
      await browser.close();
      await wire.close();
      await room.close();
      assert.deepEqual(faults, [], 'no page has an error');
    },
  };
}
