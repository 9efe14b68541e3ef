import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import type { TestConsole } from '../support/console.ts';
import { DIAMOND, fan, mesh, named } from '../support/workflows.ts';

const WEB = resolve(import.meta.dirname, '../../../dist/web');
const MOST_BYTES = 250_000;
const MANY_RUNS = 5_000;

export function testLarge(console: TestConsole): void {
  describe('the console with a lot to show', () => {
    before(async () => {
      await console.define(named(DIAMOND, 'many-diamonds'), mesh(20, 50), fan(998));
    });

    it('loads less than 250 kB compressed for the first page, and for a graph as well', async () => {
      const page = await console.open('/');
      const scripts = new Set<string>();
      page.on('response', (response) => scripts.add(new URL(response.url()).pathname));
      await page.goto(`${console.wire.url}/workflows/many-diamonds`);
      await page.getByRole('group', { name: /^review/ }).waitFor();
      const files = (await readdir(join(WEB, 'assets'))).filter((name) => scripts.has(`/assets/${name}`));
      assert.ok(
        files.some((name) => name.startsWith('workflow-graph')),
        'the graph is among what is counted',
      );
      const sizes = await Promise.all(
        files.map(async (name) => gzipSync(await readFile(join(WEB, 'assets', name))).length),
      );
      const total = sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(total < MOST_BYTES, `${total} bytes`);
    });

    it('joins a thousand nodes that are alike, and shows them apart when asked', async () => {
      const page = await console.open('/workflows/fan-998');
      const joined = page.getByRole('group', { name: /^998 side by side/ });
      await joined.waitFor();
      await joined.click();
      await page
        .getByRole('group', { name: /^part-\d+,/ })
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Join again' }).click();
      await joined.waitFor();
    });

    it('draws of a thousand nodes in a mesh those in sight, and finds any', async () => {
      const page = await console.open('/workflows/mesh-20-50');
      await page.getByRole('group', { name: /^n0-/ }).first().waitFor();
      const drawn = await page.locator('.react-flow__node').count();
      assert.ok(drawn < 500, `${drawn} boxes`);
      await page.getByRole('combobox', { name: 'Find a node' }).fill('n19-49');
      await page.getByRole('group', { name: /^n19-49,/ }).waitFor();
      await page.getByRole('complementary', { name: 'Node n19-49' }).waitFor();
    });

    it('keeps of ten thousand lines of a log only those in sight in the document', async () => {
      const page = await console.open(
        `${await console.finish('talking', { lines: 10_000, everyMs: 0 })}?node=talk&tab=logs`,
      );
      await page.getByText('10,000 lines').waitFor();
      assert.ok((await page.locator('.log-line').count()) < 200);
      await page.getByRole('searchbox', { name: 'Search the log' }).fill('milestone');
      await page.getByText('10 of 10000 lines').waitFor();
    });

    it('scrolls through five thousand runs, each of which it shows once, also when another comes', async () => {
      const path = await console.finish('many-diamonds', { text: 'many' });
      await multiplyRun(console, path.split('/').at(-1) ?? '');
      const page = await console.open('/runs?workflow=many-diamonds');
      await page.getByText('100 runs so far').waitFor();
      const list = page.getByRole('group', { name: 'Runs' });
      for (let pages = 2; pages <= 5; pages++) {
        await list.press('End');
        await page.getByText(`${pages}00 runs so far`).waitFor();
      }
      assert.ok((await page.locator('.run-line').count()) < 120);
      await console.finish('many-diamonds', { text: 'one more' });
      await page.getByText('501 runs so far').waitFor();
    });
  });
}

/** Copies of a run's row: what a list needs, without running it as often. */
async function multiplyRun({ room }: TestConsole, runId: string): Promise<void> {
  const client = new Client(room.engine.databaseUrl);
  await client.connect();
  await client.query(
    `INSERT INTO "WorkflowRun" SELECT copy.* FROM "WorkflowRun" AS run, generate_series(1, $2) AS n,
     LATERAL jsonb_populate_record(run, jsonb_build_object('id', gen_random_uuid(), 'createdAt', run."createdAt" - n * interval '1 second')) AS copy
     WHERE run.id = $1`,
    [runId, MANY_RUNS - 1],
  );
  await client.end();
}
