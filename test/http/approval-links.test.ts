import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import { waitFor } from '../support/wait-for.ts';
import { startRoom, type TestRoom } from './support/room.ts';

const KEY = 'a key that is long enough to sign links with';
const PUBLIC_URL = 'https://ops.example.com';

describe('links by which one person decides an approval', () => {
  let room: TestRoom;
  const told: unknown[] = [];

  before(async function () {
    this.timeout(300_000);
    const AUTH_TOKENS = 'alice:approver:of-alice,bob:approver:of-bob,admin:approver:of-impostor,eyes:viewer:of-eyes';
    room = await startRoom({
      env: { AUTH_TOKENS, APPROVAL_LINK_KEY: KEY, PUBLIC_URL },
      links: { publicUrl: PUBLIC_URL, key: KEY },
      agents: {
        act: () => 'done',
        tell: (input, { secrets }) => {
          told.push({ input, secrets });
          return { sent: true };
        },
      },
    });
  });
  after(() => room.close());

  const ask = async (name: string, approval: object | boolean = true): Promise<{ runId: string; id: string }> => {
    await room.engine.define({ name, nodes: [{ id: 'act', agent: 'act', approval }] });
    const runId = await room.engine.submit(name);
    const { id } = await waitFor(() => room.engine.approval(runId), { describe: 'the approval' });
    return { runId, id };
  };
  const make = (id: string, token = 'of-alice', body: object = { for: 'Carol' }) =>
    room.post(`/api/approvals/${id}/links`, body, { token });
  const pathOf = (url: string): string => url.slice(PUBLIC_URL.length);
  const decide = (path: string, fields: Record<string, string>) =>
    room.call('POST', path, {
      raw: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const statusOf = async (id: string) => (await room.get(`/api/approvals/${id}`, { token: 'of-eyes' })).body;

  it('show what is to be decided however often they are opened, and decide when the form is sent, once', async () => {
    const { runId, id } = await ask('by-link', { message: 'Restart <web-1>?' });
    const { status, body } = await make(id);
    assert.equal(status, 201);
    assert.ok(body.url.startsWith(`${PUBLIC_URL}/decide/`));
    const path = pathOf(body.url as string);
    for (let opened = 0; opened < 3; opened += 1) {
      const page = await room.get(path);
      assert.equal(page.status, 200);
      assert.match(page.text, /Restart &#60;web-1&#62;\?/);
      assert.match(page.headers.get('cache-control') ?? '', /no-store/);
    }
    assert.equal((await room.call('HEAD', path)).status, 200);
    assert.equal((await statusOf(id)).status, 'PENDING');
    const sent = await decide(path, { decision: 'APPROVED', notes: 'go on' });
    assert.equal(sent.status, 200);
    assert.match(sent.text, /Approved/);
    const decided = await statusOf(id);
    assert.deepEqual([decided.status, decided.respondedBy, decided.notes], ['APPROVED', 'link for Carol', 'go on']);
    assert.equal((await decide(path, { decision: 'REJECTED' })).status, 410);
    assert.equal((await room.get(path)).status, 410);
    assert.equal((await room.engine.ended(runId)).status, 'SUCCESS');
    const used = await room.engine.db.oneFirst(sql.type(z.object({ n: z.number() }))`
      SELECT count(*)::integer AS n FROM "ApprovalLink" WHERE "approvalId" = ${id} AND "usedAt" IS NOT NULL`);
    assert.equal(used, 1);
  });

  it('count once also when the form is sent many times at once', async () => {
    const { id } = await ask('at-once');
    const path = pathOf((await make(id)).body.url as string);
    const answers = await Promise.all(Array.from({ length: 10 }, () => decide(path, { decision: 'APPROVED' })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 9 }, () => 410)]);
  });

  it('refuse what was not signed with the key, and what is over', async () => {
    const { id } = await ask('forged');
    const path = pathOf((await make(id, 'of-alice', { for: 'Carol', expiresInSeconds: 1 })).body.url as string);
    const [said = ''] = path.slice('/decide/'.length).split('.');
    const forged = createHmac('sha256', 'another key').update(`approval link ${said}`).digest('base64url');
    for (const bad of [`/decide/${said}`, `/decide/${said}.${forged}`, `${path}x`, '/decide/nothing'])
      for (const answer of [await room.get(bad), await decide(bad, { decision: 'APPROVED' })])
        assert.equal(answer.status, 404, bad);
    await waitFor(async () => (await room.get(path)).status === 410, { describe: 'the link to be over' });
    assert.equal((await decide(path, { decision: 'APPROVED' })).status, 410);
    assert.equal((await statusOf(id)).status, 'PENDING');
  });

  it('keep counting after an answer that does not fit', async () => {
    const schema = { type: 'object', required: ['replicas'], properties: { replicas: { type: 'integer' } } };
    const { id } = await ask('typed', { schema });
    const path = pathOf((await make(id)).body.url as string);
    for (const answer of ['', 'three', '{"replicas": "three"}'])
      assert.equal((await decide(path, { decision: 'APPROVED', answer })).status, 400, answer);
    assert.equal((await decide(path, { decision: 'APPROVED', answer: '{"replicas": 3}' })).status, 200);
    assert.deepEqual((await statusOf(id)).answer, { replicas: 3 });
  });

  it('are made by those who may decide themselves, for somebody', async () => {
    const { id } = await ask('roles', { roles: ['name:alice'] });
    assert.equal((await make(id, 'of-eyes')).status, 403);
    assert.equal((await make(id, 'of-bob')).status, 403);
    assert.equal((await make(id, 'of-alice', {})).status, 400);
    assert.equal((await make(id, 'of-alice')).status, 201);
    const entries = (await room.engine.db.any(sql.type(z.object({ action: z.string(), actor: z.string() }))`
      SELECT action, actor FROM "AuditLog" WHERE target = ${id}`)) as unknown[];
    assert.deepEqual(entries, [{ action: 'createApprovalLink', actor: 'alice' }]);
  });

  it('do not let a token that is named like a scope pass for it', async () => {
    const { id } = await ask('admins', { roles: ['admin'] });
    const body = { decision: 'APPROVED' };
    assert.equal((await room.post(`/api/approvals/${id}/decision`, body, { token: 'of-impostor' })).status, 403);
    const named = await ask('named', { roles: ['name:admin'] });
    assert.equal((await room.post(`/api/approvals/${named.id}/decision`, body, { token: 'of-impostor' })).status, 200);
  });

  it('reach people by the workflow that announces, and are stored and shown nowhere', async function () {
    this.timeout(300_000);
    await room.engine.define({
      name: 'tell-approvers',
      nodes: [{ id: 'tell', agent: 'tell', input: { message: 'Please decide: {{ input.approval.link }}' } }],
    });
    const { id } = await ask('announced', { announce: 'tell-approvers', message: 'Restart?' });
    await waitFor(() => told.length === 1, { describe: 'the announcement' });
    const { input, secrets } = told[0] as { input: { message: string }; secrets: Record<string, string> };
    const [, path = ''] = /(\/decide\/\S+)/.exec(input.message) ?? [];
    assert.equal(secrets.APPROVAL_LINK, `${PUBLIC_URL}${path}`, 'it is masked where the agent prints it');
    const stored = await room.engine.db.oneFirst(sql.type(z.object({ text: z.string() }))`
      SELECT string_agg(a.input::text || w.input::text, ' ') AS text FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
      WHERE w."workflowName" = 'tell-approvers'`);
    assert.ok(stored.includes(`${PUBLIC_URL}/approvals#${id}`) && !stored.includes('/decide/'));
    assert.equal((await decide(path, { decision: 'APPROVED' })).status, 200);
    assert.equal((await statusOf(id)).respondedBy, 'link for readers of tell-approvers');
  });
});
