import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../platform/log.ts';
import { createAlertManager } from '../../workers/triggers/alertmanager.ts';
import { askAlertManager } from '../../workers/triggers/awaited-alerts.ts';
import { silences } from '../../workers/triggers/silences.ts';
import { startRoom, type TestRoom } from '../http/support/room.ts';
import { needsProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

/** The real Prometheus and AlertManager: a rule on a metric fires, a run runs, the alert resolves, the run goes on. */
describe('with the real Prometheus and AlertManager', () => {
  let room: TestRoom;
  let folder: string;
  /** Two that do not hear of each other, as a pair whose network is broken. */
  let pair: string[] = [];
  let full = 1;
  let refusals = 2;
  let refused = 0;
  /** What was handed on: the path tells which of the two has sent it. */
  const delivered: { path: string; alertname: string; status: number }[] = [];
  const children: ChildProcess[] = [];
  const servers: { close(): void }[] = [];

  before(async function () {
    this.timeout(300_000);
    const prometheus = await needsProgram(this, 'prometheus');
    const alertmanager = await needsProgram(this, 'prometheus-alertmanager');
    room = await startRoom({ agents: { notifier: (input) => input } });
    await room.post('/api/workflows', {
      name: 'disk-full',
      triggers: [{ type: 'alertmanager', matchers: ['alertname="DiskFull"'], silence: true }],
      nodes: [
        { id: 'clean', transform: 'input.alert.labels.instance' },
        { id: 'gone', awaitResolved: { timeoutSeconds: 60 }, dependsOn: ['clean'] },
        { id: 'late', transform: '1', ifResolved: 'stop', dependsOn: ['gone'] },
      ],
    });
    for (const [name, trigger] of [
      ['paired', {}],
      ['quiet', { groupBy: ['cluster'], groupWindowSeconds: 0.1, silence: true }],
    ] as const)
      await room.post('/api/workflows', {
        name,
        triggers: [{ type: 'alertmanager', matchers: [`alertname="${name}"`], on: 'both', ...trigger }],
        nodes: [{ id: 'go', signal: { name: 'go' } }],
      });
    folder = await mkdtemp(join(tmpdir(), 'cc-alerts-'));
    const metric = await listen((_, response) => response.end(`disk_full{disk="sda"} ${full}\n`));
    const hook = await listen((request, response) => void relay(request, response));
    const [port, otherPort, prometheusPort] = [await freePort(), await freePort(), await freePort()];
    pair = [port, otherPort].map((each) => `http://127.0.0.1:${each}`);
    for (const each of [port, otherPort]) {
      await writeFile(
        join(folder, `alertmanager-${each}.yml`),
        `route: {receiver: cc, group_wait: 0s, group_interval: 1s, repeat_interval: 1h, group_by: [alertname]}
receivers: [{name: cc, webhook_configs: [{url: "http://127.0.0.1:${hook}/${each}", send_resolved: true}]}]\n`,
      );
      run(alertmanager, [
        `--config.file=${folder}/alertmanager-${each}.yml`,
        `--storage.path=${folder}/am-${each}`,
        `--web.listen-address=127.0.0.1:${each}`,
        '--cluster.listen-address=',
      ]);
    }
    await writeFile(
      join(folder, 'rules.yml'),
      `groups: [{name: disks, rules: [{alert: DiskFull, expr: "disk_full > 0", labels: {severity: critical}, annotations: {summary: "The disk is full"}}]}]\n`,
    );
    await writeFile(
      join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:${port}"]}]}]}
scrape_configs: [{job_name: disks, static_configs: [{targets: ["127.0.0.1:${metric}"]}]}]\n`,
    );
    run(prometheus, [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/tsdb`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ]);
  });

  after(async () => {
    if (children.length === 0) return; // skipped
    for (const child of children) {
      if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    }
    for (const server of servers) server.close();
    await room.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('a rule fires, the runbook runs once, the alert resolves, and the run goes on', async function () {
    this.timeout(300_000);
    const runs = async () => (await room.get('/api/workflows/disk-full/runs')).body as { id: string; status: string }[];
    await waitFor(async () => (await runs()).length === 1, { timeoutMs: 40_000, describe: 'the run' });
    assert.equal(refused, 2, 'AlertManager sent again what was refused with 503');
    const [run] = await runs();
    const path = `/api/workflows/disk-full/runs/${run?.id ?? ''}`;
    const node = async (id: string) =>
      (await room.get(path)).body.agentRuns.find(({ nodeId }: { nodeId: string }) => nodeId === id);
    await waitFor(async () => (await node('gone')).status === 'RUNNING', {
      timeoutMs: 10_000,
      describe: 'awaitResolved',
    });

    const parts = taskParts();
    await silences.run(parts);
    assert.deepEqual(await silenced(), [`http://console.example/runs/${run?.id ?? ''}`], 'it says for which run');
    await askAlertManager.run(parts);
    assert.equal((await node('gone')).status, 'RUNNING', 'it still fires');

    full = 0;
    // silenced, the webhook does not hear of the end: AlertManager itself has to be asked
    await waitFor(
      async () => {
        await askAlertManager.run(parts);
        return (await node('gone')).status === 'SUCCESS';
      },
      { timeoutMs: 60_000, describe: 'the run to go on' },
    );
    const { body } = await room.get(`${path}?wait=10`);
    assert.equal(body.status, 'SUCCESS');
    assert.equal((await node('late')).status, 'SKIPPED', 'ifResolved: stop');
    assert.equal((await runs()).length, 1);
    await silences.run(parts);
    assert.deepEqual(await silenced(), [], 'the silence ends with the run');
    const [alert] = (await room.get('/api/alerts?alertname=DiskFull')).body;
    assert.equal(alert.status, 'resolved');
    assert.ok(delivered.length >= 1);
  });

  it('the same alert from both of a pair starts one run, and its end one more', async function () {
    const alert = { labels: { alertname: 'paired', instance: 'a' }, startsAt: new Date().toISOString() };
    const heard = (times: number) => () => {
      const own = delivered.filter(({ alertname }) => alertname === 'paired');
      return pair.every((_, index) => own.filter(({ path }) => path === pathOf(index)).length === times);
    };
    await Promise.all(pair.map((url) => post(url, alert)));
    await waitFor(heard(1), { timeoutMs: 15_000, describe: 'both to tell of the alert' });
    assert.equal((await runsOf('paired')).length, 1);
    await Promise.all(pair.map((url) => post(url, { ...alert, endsAt: new Date().toISOString() })));
    await waitFor(heard(2), { timeoutMs: 15_000, describe: 'both to tell of its end' });
    assert.deepEqual((await runsOf('paired')).map(({ trigger }) => trigger.status).sort(), ['firing', 'resolved']);
    assert.ok(delivered.every(({ status }) => status === 202));
  });

  it('the run of a group silences all of it, those that come later too, and no longer than it lasts', async function () {
    const [url = ''] = pair;
    const alert = (host: string, cluster = 'x') => ({ labels: { alertname: 'quiet', cluster, host } });
    await post(url, alert('a'), alert('b'));
    await waitFor(async () => (await runsOf('quiet')).length === 1, { timeoutMs: 15_000, describe: 'the run' });
    const [run] = await runsOf('quiet');
    await silences.run(taskParts());
    assert.deepEqual(await silenced(), [`http://console.example/runs/${run?.id ?? ''}`]);
    await post(url, alert('c'), alert('a', 'y'));
    const silent = async () => {
      const answer = await fetch(`${url}/api/v2/alerts?filter=alertname%3D%22quiet%22`);
      const all = (await answer.json()) as { labels: Record<string, string>; status: { state: string } }[];
      return all
        .filter(({ status }) => status.state === 'suppressed')
        .map(({ labels: { cluster, host } }) => `${cluster ?? ''} ${host ?? ''}`)
        .sort();
    };
    await waitFor(async () => (await silent()).length === 3, { describe: 'the group to be silent' });
    assert.deepEqual(await silent(), ['x a', 'x b', 'x c']);
    await room.engine.flows.control.cancel(run?.id ?? '', 'test');
    await silences.run(taskParts());
    assert.deepEqual(await silenced(), []);
  });

  const runsOf = async (name: string) =>
    (await room.get(`/api/workflows/${name}/runs`)).body as { id: string; trigger: { status: string } }[];
  const pathOf = (index: number) => `/${new URL(pair[index] ?? '').port}`;

  function taskParts() {
    const { db, flows } = room.engine;
    const alertManager = createAlertManager(pair[0] ?? '');
    const log = createLogger({ level: 'fatal' });
    return { ...flows, db, log, alertManager, retentionDays: 0, links: { publicUrl: 'http://console.example' } };
  }

  /** What the active silences say of themselves. */
  async function silenced(): Promise<string[]> {
    const answer = await fetch(`${pair[0] ?? ''}/api/v2/silences`);
    const all = (await answer.json()) as { status: { state: string }; comment: string }[];
    return all.filter(({ status }) => status.state === 'active').map(({ comment }) => comment);
  }

  /** As Prometheus tells an AlertManager. */
  async function post(url: string, ...alerts: object[]): Promise<void> {
    await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, { timeoutMs: 20_000, describe: 'AlertManager' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(alerts) });
    assert.equal(answer.status, 200, await answer.text());
  }

  /** Refuses the first messages with 503, as a service without a database does, and hands on the others. */
  async function relay(request: IncomingMessage, response: ServerResponse) {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (refusals > 0) {
      refusals -= 1;
      refused += 1;
      response.writeHead(503).end();
      return;
    }
    const { status } = await room.call('POST', '/api/webhooks/alertmanager', { raw: text });
    const { groupLabels } = JSON.parse(text) as { groupLabels: { alertname: string } };
    delivered.push({ path: request.url ?? '', alertname: groupLabels.alertname, status });
    response.writeHead(status).end();
  }

  async function listen(handler: Parameters<typeof createServer>[1]): Promise<number> {
    const server = createServer(handler as never);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  async function freePort(): Promise<number> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  function run(program: string, args: string[]): void {
    children.push(spawn(program, args, { stdio: 'ignore', cwd: folder }));
  }
});
