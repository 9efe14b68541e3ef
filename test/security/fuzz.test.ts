import assert from 'node:assert/strict';
import { runCampaign } from '../../bench/fuzz/campaign.ts';
import { startFuzzed, type Fuzzed } from '../../bench/fuzz/subject.ts';
import { routes } from '../../api/routes.ts';
import { waitFor } from '../support/wait-for.ts';

const SEED = 20_261_124;
const MOST_GROWTH = 400 * 1024 * 1024;

describe('hostile requests made from our own schemas', () => {
  let subject: Fuzzed;
  before(async function () {
    subject = await startFuzzed();
  });
  after(() => subject.close());

  it('never get a 5xx, always a documented status and a whole problem, and leave the service well', async function () {
    this.timeout(300_000);
    const before = process.memoryUsage().rss;
    const { url, token, known } = subject;
    const result = await runCampaign({ url, token, known, seed: SEED, perOperation: 12, deadlineMs: 18_000 });
    const told = result.findings.map(({ operation, wrong, request }) => `${operation} ${wrong}\n    ${request}`);
    assert.deepEqual(told, [], `${told.length} of ${result.sent} requests:\n${told.slice(0, 10).join('\n')}`);
    for (const { id } of routes) assert.ok(result.byOperation.has(id), `${id} was asked`);
    assert.ok(process.memoryUsage().rss - before < MOST_GROWTH, 'memory stays bounded');
    await waitFor(() => subject.isWell(), { timeoutMs: 20_000, describe: 'a run to succeed after all that' });
  });

  it('get no further with the token of another scope: what only reads changes nothing', async function () {
    this.timeout(300_000);
    const { url, tokens, known } = subject;
    for (const [index, [scope, token]] of Object.entries(tokens).entries()) {
      const campaign = { url, token, known, seed: SEED + 1 + index, perOperation: 1, deadlineMs: 3_000 };
      const { findings, byStatus } = await runCampaign(campaign);
      assert.deepEqual(findings.slice(0, 5), [], scope);
      assert.ok((byStatus.get(403) ?? 0) > 0, `${scope} is refused`);
    }
    for (const scope of ['viewer', 'metrics', 'webhook'])
      assert.deepEqual(await subject.changesBy(scope), [], `${scope} changed something`);
    await waitFor(() => subject.isWell(), { timeoutMs: 20_000, describe: 'a run to succeed after all that' });
  });
});
