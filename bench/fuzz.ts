import { parseArgs } from 'node:util';
import type { CampaignResult } from './fuzz/campaign.ts';
import { startTestServers } from '../scripts/test-servers.ts';

/**
 * `npm run fuzz -- --seed 1 --requests 500 --seconds 600`: hostile requests, made from the OpenAPI document, against the
 * real API on servers of its own; `requests` is how many each operation gets. The same seed sends the same requests.
 * Exits with 1 when an answer was not as documented, or the service is not well afterwards.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    requests: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '900' },
  },
});

const servers = await startTestServers(process.env);
Object.assign(process.env, servers.env);
try {
  process.exitCode = (await fuzz()) ? 0 : 1;
} finally {
  await servers.stop();
}

async function fuzz(): Promise<boolean> {
  // imported late: it reads where the servers are
  const { startFuzzed } = await import('./fuzz/subject.ts');
  const { runCampaign } = await import('./fuzz/campaign.ts');
  const subject = await startFuzzed();
  try {
    const { url, token, known } = subject;
    const seed = Number(values.seed);
    const before = process.memoryUsage().rss;
    const result = await runCampaign({
      ...{ url, token, known, seed },
      perOperation: Number(values.requests),
      deadlineMs: Number(values.seconds) * 1000,
    });
    const grown = Math.round((process.memoryUsage().rss - before) / 1024 / 1024);
    const isWell = await subject.isWell();
    report(result, seed);
    console.log(`memory grew by ${grown} MB; the service is ${isWell ? 'well' : 'NOT well'} afterwards`);
    return isWell && result.findings.length === 0;
  } finally {
    await subject.close();
  }
}

function report({ sent, findings, byOperation, byStatus }: CampaignResult, seed: number): void {
  for (const { operation, wrong, request } of firstOfEach(findings))
    console.log(`${operation} ${wrong}\n    ${request}`);
  const statuses = [...byStatus].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  console.log(`seed ${seed}: ${sent} requests to ${byOperation.size} operations; ${statuses.join(', ')}`);
  console.log(`${findings.length} answers were not as documented`);
}

function firstOfEach(findings: CampaignResult['findings']): CampaignResult['findings'] {
  return [...new Map(findings.map((finding) => [`${finding.operation} ${finding.wrong}`, finding] as const)).values()];
}
