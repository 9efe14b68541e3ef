import assert from 'node:assert/strict';
import { networkOf } from '../../api/auth/network.ts';
import { runCli } from '../../cli/program.ts';
import { waitFor } from '../support/wait-for.ts';
import { startApi, startRoom, type TestRoom } from '../http/support/room.ts';

const TOKENS = 'ann:admin:token-of-ann,bob:operator:token-of-bob,hook:webhook:token-of-hook,eye:metrics:token-of-eye';
const ANN = { token: 'token-of-ann' };
const BOB = { token: 'token-of-bob' };
const HOOK = { token: 'token-of-hook' };

describe('limits', () => {
  let room: TestRoom;
  let letGo: () => void;
  before(async function () {
    this.timeout(300_000);
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    room = await startRoom({ env: { AUTH_TOKENS: TOKENS }, agents: { held: () => gate.then(() => 'done') } });
  });
  after(async () => {
    letGo();
    await room.close();
  });

  const define = (name: string, more: object = {}) =>
    room.post('/api/workflows', { name, nodes: [{ id: 'hold', agent: 'held' }], ...more }, ANN);
  const trigger = (name: string, headers: Record<string, string> = {}) =>
    room.post(`/api/workflows/${name}/trigger`, undefined, { ...ANN, headers });
  const set = (projectId: string, body: object) => room.call('PUT', `/api/limits/${projectId}`, { body, ...ANN });

  async function limitsOf(projectId: string) {
    const { body } = await room.get('/api/limits', BOB);
    return (body as { projectId: string; openRuns: number; maxOpenRuns: number | null }[]).find(
      (project) => project.projectId === projectId,
    );
  }

  describe('of open runs', () => {
    let ids: string[] = [];
    const url = (name: string, id = '') => `/api/workflows/${name}/runs/${id}`;

    before(async () => {
      await define('slow', {
        triggers: [{ type: 'alertmanager', matchers: ['team="limits"'] }, { type: 'webhook' }],
      });
      assert.equal((await set('default', { maxOpenRuns: 2 })).status, 200);
      const started = [await trigger('slow'), await trigger('slow', { 'idempotency-key': 'the-second' })];
      assert.deepEqual(
        started.map(({ status }) => status),
        [202, 202],
      );
      ids = started.map(({ body }) => String(body.workflowRunId));
    });

    it('refuse the start that would be one too many, and say what is full and what to do', async () => {
      const { status, body, headers } = await trigger('slow');
      assert.equal(status, 429);
      assert.match(
        body.detail,
        /^Project default has 2 open runs.*cancel some.*commandcenter limits set default --open-runs/,
      );
      assert.match(headers.get('retry-after') ?? '', /^\d+$/);
      const { openRuns, maxOpenRuns } = (await limitsOf('default')) ?? {};
      assert.deepEqual({ openRuns, maxOpenRuns }, { openRuns: 2, maxOpenRuns: 2 });
    });

    it('answer a repeated request with the run that it has started', async () => {
      const { status, body } = await trigger('slow', { 'idempotency-key': 'the-second' });
      assert.equal(status, 200);
      assert.equal(body.workflowRunId, ids[1]);
    });

    it('never refuse an alert or a webhook: its run is stored and waits its turn', async () => {
      const alert = { labels: { alertname: 'DiskFull', team: 'limits' } };
      const { status, body } = await room.post('/api/webhooks/alertmanager', { alerts: [alert] }, HOOK);
      assert.equal(status, 202);
      const [ofAlert] = body.workflowRunIds as string[];
      assert.equal(body.alerts[0].decisions[0].outcome, 'started');
      assert.equal((await room.post('/api/webhooks/workflows/slow', {}, HOOK)).status, 202);
      assert.equal((await limitsOf('default'))?.openRuns, 4);
      letGo();
      const ended = await room.get(`${url('slow', ofAlert)}?wait=20`, BOB);
      assert.equal(ended.body.status, 'SUCCESS');
    });

    it('let the next one in as soon as there is a place, also a retry', async () => {
      const isFree = async () => (await limitsOf('default'))?.openRuns === 0;
      await waitFor(isFree, { describe: 'the runs to end' });
      // a count is used for a moment
      const next = await waitFor(
        async () => {
          const answer = await trigger('slow');
          return answer.status === 202 ? answer : undefined;
        },
        { describe: 'the next start to be let in' },
      );
      const retried = await room.post(`${url('slow', ids[0])}/retry`, { from: 'start' }, ANN);
      assert.equal(retried.status, 202);
      for (const { body } of [next, retried]) await room.get(`${url('slow', String(body.workflowRunId))}?wait=20`, BOB);
    });

    it('hold for retries, one or many, too', async () => {
      assert.equal((await set('default', { maxOpenRuns: 1 })).status, 200);
      await define('later', { nodes: [{ id: 'wait', wait: { seconds: 600 } }] });
      const { body } = await trigger('later');
      assert.equal((await room.post(`${url('slow', ids[0])}/retry`, { from: 'start' }, ANN)).status, 429);
      const bulk = await room.post('/api/runs/bulk', { action: 'retry', filter: { workflow: 'slow' } }, ANN);
      assert.equal(bulk.status, 200);
      for (const { done, problem } of bulk.body.runs as { done: boolean; problem: string }[]) {
        assert.equal(done, false);
        assert.match(problem, /Project default has 1 open runs/);
      }
      assert.equal((await room.post(`${url('later', String(body.workflowRunId))}/cancel`, undefined, ANN)).status, 202);
      await set('default', {});
    });

    it('hold for one principal beside others', async () => {
      const env = { AUTH_TOKENS: TOKENS, PRINCIPAL_MAX_OPEN_RUNS: '1' };
      const strict = await startApi(room.engine, { env });
      try {
        const start = (who: { token: string }) => strict.post('/api/workflows/later/trigger', undefined, who);
        const first = await start(BOB);
        assert.equal(first.status, 202);
        const second = await start(BOB);
        assert.equal(second.status, 429);
        assert.match(second.body.detail, /^You \(bob\) have 1 open runs.*PRINCIPAL_MAX_OPEN_RUNS/);
        assert.equal((await start(ANN)).status, 202);
      } finally {
        await strict.close();
      }
    });
  });

  describe('of workflows', () => {
    it('refuse the one too many, also of many that come at once, and are written down', async () => {
      assert.equal((await set('small', { maxWorkflows: 3 })).status, 200);
      const made = await Promise.all(
        Array.from({ length: 8 }, (_, index) => define(`small-${index}`, { projectId: 'small' })),
      );
      assert.equal(made.filter(({ status }) => status === 201).length, 3);
      const refused = made.find(({ status }) => status !== 201);
      assert.equal(refused?.status, 409);
      assert.match(refused.body.detail, /^Project small has 3 workflows.*limits set small --workflows/);
      assert.equal((await set('small', { maxWorkflows: 0 })).status, 200);
      assert.equal((await define('small-more', { projectId: 'small' })).status, 201);
      const { body } = await room.get('/api/audit?action=putLimits&target=small', ANN);
      assert.deepEqual(
        body.map(({ actor, before, after }: Record<string, unknown>) => ({ actor, before, after })),
        [
          {
            actor: 'ann',
            before: { maxOpenRuns: null, maxWorkflows: 3 },
            after: { maxOpenRuns: null, maxWorkflows: 0 },
          },
          {
            actor: 'ann',
            before: { maxOpenRuns: null, maxWorkflows: null },
            after: { maxOpenRuns: null, maxWorkflows: 3 },
          },
        ],
      );
    });
  });

  describe('on the command line', () => {
    it('are shown to all, and set by administrators', async () => {
      const cli = async (args: readonly string[], token: string) => {
        let text = '';
        const sink = { write: (chunk: string) => ((text += chunk), true), columns: 200, isTTY: false };
        const world = { stdin: process.stdin, stdout: sink, stderr: sink, env: {}, cwd: '/' };
        return { code: await runCli(['limits', ...args, '--url', room.url, '--token', token], world), text };
      };
      const set = ['set', 'small', '--open-runs', '7'];
      assert.equal((await cli(set, BOB.token)).code, 4);
      assert.deepEqual(await cli(set, ANN.token), { code: 0, text: 'small: 7 open runs, any number workflows\n' });
      assert.match((await cli(['list'], BOB.token)).text, /^small +0 of 7 +4 of any number +ann, /m);
      // what is not named stays
      const other = { code: 0, text: 'small: 7 open runs, 9 workflows\n' };
      assert.deepEqual(await cli(['set', 'small', '--workflows', '9'], ANN.token), other);
      assert.deepEqual(await cli(['set', 'small', '--workflows', 'default'], ANN.token), {
        ...other,
        text: 'small: 7 open runs, 10000 workflows\n',
      });
      assert.equal((await cli(['set', 'small'], ANN.token)).code, 2);
      assert.equal((await cli(['set', 'small', '--open-runs', 'many'], ANN.token)).code, 2);
      await cli(['set', 'small', '--open-runs', 'default', '--workflows', 'default'], ANN.token);
      assert.match((await cli(['list'], BOB.token)).text, /^small +0 of 100000 +4 of 10000 +the environment/m);
    });
  });

  describe('of requests from one address', () => {
    it('hold for whoever sends them, never for alerts, health and metrics', async () => {
      const env = { AUTH_TOKENS: TOKENS, RATE_LIMIT_PER_ADDRESS: '20', TRUST_PROXY: '1' };
      const limited = await startApi(room.engine, { env });
      const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
      try {
        const flood = async (address: string) =>
          Promise.all(
            Array.from({ length: 60 }, (_, index) =>
              limited.get(index % 2 === 0 ? '/api/session' : '/login', {
                ...(index % 4 === 0 ? ANN : BOB),
                ...from(address),
              }),
            ),
          );
        const answers = await flood('2001:db8:1:2::7');
        const refused = answers.filter(({ status }) => status === 429);
        assert.ok(refused.length > 0, 'nothing was refused');
        assert.match(refused[0]?.headers.get('content-type') ?? '', /problem\+json/);
        assert.equal(refused[0]?.headers.get('retry-after'), '1');
        const neighbours = await flood('2001:db8:1:2:ffff::9');
        assert.ok(
          neighbours.some(({ status }) => status === 429),
          'another address of the same network has a count of its own',
        );
        assert.equal((await limited.get('/api/session', { ...ANN, ...from('2001:db8:1:3::7') })).status, 200);
        const alerts = Array.from({ length: 60 }, () =>
          limited.post('/api/webhooks/alertmanager', { alerts: [] }, { ...HOOK, ...from('2001:db8:1:2::7') }),
        );
        const watching = Array.from({ length: 60 }, (_, index) =>
          limited.get(index % 2 === 0 ? '/health' : '/metrics', {
            token: 'token-of-eye',
            ...from('2001:db8:1:2::7'),
          }),
        );
        for (const { status } of await Promise.all([...alerts, ...watching])) assert.ok(status < 300, String(status));
      } finally {
        await limited.close();
      }
    });

    it('count an IPv6 network once, however an address is written', () => {
      for (const [address, network] of [
        ['127.0.0.1', '127.0.0.1'],
        ['::ffff:10.0.0.1', '10.0.0.1'],
        ['::1', '0:0:0:0::/64'],
        ['2001:db8::1', '2001:db8:0:0::/64'],
        ['2001:0DB8:0000:0000:ffff::1', '2001:db8:0:0::/64'],
        ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
        ['fe80::1%eth0', 'fe80:0:0:0::/64'],
        ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
        ['::1:2:3:4:5', '0:0:0:1::/64'],
      ] as const)
        assert.equal(networkOf(address), network, address);
    });
  });
});
