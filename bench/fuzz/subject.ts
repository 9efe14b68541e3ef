import { startRoom } from '../../test/http/support/room.ts';
import type { Scope } from '../../contracts/scopes.ts';
import type { Known } from './request.ts';

/** A service to be fuzzed, with something behind every kind of id. */
export interface Fuzzed {
  readonly url: string;
  readonly token: string;
  /** Tokens of the other scopes. */
  readonly tokens: Readonly<Record<Exclude<Scope, 'admin'>, string>>;
  /** What a token's name has changed, as the audit log says. */
  changesBy(name: string): Promise<readonly unknown[]>;
  readonly known: Known;
  /** Requests that failed on our side, as the log tells them. */
  failures(): readonly string[];
  /** Whether a new run goes through. */
  isWell(): Promise<boolean>;
  close(): Promise<void>;
}

const TOKEN = 'fuzz-admin-token';
const TOKENS = {
  viewer: 'fuzz-viewer-token',
  operator: 'fuzz-operator-token',
  approver: 'fuzz-approver-token',
  webhook: 'fuzz-webhook-token',
  metrics: 'fuzz-metrics-token',
};
const UUID = '00000000-0000-4000-8000-000000000000';

/** The real API with a real engine behind it, on the database and queue server that tests use. */
export async function startFuzzed(): Promise<Fuzzed> {
  const room = await startRoom({
    env: {
      AUTH_TOKENS: [
        `fuzz:admin:${TOKEN}`,
        ...Object.entries(TOKENS).map(([scope, token]) => `${scope}:${scope}:${token}`),
      ].join(','),
      RATE_LIMIT_PER_SECOND: '0',
    },
    agents: { echo: (input) => input },
  });
  const admin = { token: TOKEN };
  const create = (definition: object) => room.post('/api/workflows', definition, admin);
  await create({ name: 'sound', nodes: [{ id: 'a', transform: '1' }] });
  await create({
    name: 'good',
    triggers: [{ type: 'webhook' }, { type: 'alertmanager', matchers: ['severity="critical"'] }],
    nodes: [
      { id: 'a', agent: 'echo', input: { v: 1 } },
      { id: 'b', signal: { name: 'go' }, dependsOn: ['a'] },
      { id: 'c', agent: 'echo', input: {}, approval: true },
    ],
  });
  const { body: run } = await room.post('/api/workflows/good/trigger', undefined, admin);
  const { body: nodes } = await room.get(`/api/workflows/good/runs/${run.workflowRunId}/agent-runs`, admin);
  const { body: approvals } = await room.get('/api/approvals', admin);
  const { body: agents } = await room.get('/api/agents', admin);
  const ids = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);
  return {
    url: room.url,
    token: TOKEN,
    tokens: TOKENS,
    changesBy: async (name) => (await room.get(`/api/audit?actor=${name}`, admin)).body as unknown[],
    known: {
      id: ['good', 'good', 'echo', run.workflowId, ...ids(approvals), ...ids(agents), UUID],
      runId: [run.workflowRunId, UUID],
      agentRunId: [...ids(nodes), UUID],
      version: ['1', '2', '999999999'],
      name: ['go', 'other'],
    },
    failures: () => room.log.filter((line) => line.includes('a request failed')),
    async isWell() {
      const { status, headers } = await room.post('/api/workflows/sound/trigger', undefined, admin);
      if (status !== 202) return false;
      const { body } = await room.get(`${headers.get('location') ?? ''}?wait=10`, admin);
      return body.status === 'SUCCESS';
    },
    close: () => room.close(),
  };
}
