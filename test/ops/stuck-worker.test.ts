import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeConfiguration } from '../../ops/checks/live-configuration.ts';
import type { LiveProcess } from '../../ops/checks/live-process.ts';
import { startAlertmanager, startPrometheus } from '../../ops/checks/live-stack.ts';
import { freePort } from '../../platform/services/free-port.ts';
import { needsProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';
import { createFleet, ROOT, type Fleet, type FleetWorker } from './fleet.ts';

const HELD = { name: 'held', nodes: [{ id: 'wait', agent: 'door', input: { file: '{{ input.file }}' } }] };

const lookAfter = (port: number) => ({
  name: 'look-after',
  triggers: [
    {
      type: 'alertmanager',
      matchers: ['alertname="WorkerStuck"', `instance="127.0.0.1:${port}"`],
      on: ['firing'],
    },
  ],
  nodes: [{ id: 'look', agent: 'trace-echo', input: {} }],
});

describe('a worker that stands still', function () {
  this.timeout(300_000);
  let fleet: Fleet | undefined;
  let stuck: FleetWorker;
  let other: FleetWorker;
  let prometheusUrl: string;
  const servers: LiveProcess[] = [];

  before(async function () {
    for (const program of ['prometheus', 'prometheus-alertmanager']) await needsProgram(this, program);
    fleet = await createFleet(this);
    const [prometheus, alertmanager, first, second] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    prometheusUrl = `http://127.0.0.1:${prometheus}`;
    await writeConfiguration(ROOT, fleet.folder, {
      ...{ api: fleet.port, prometheus, alertmanager },
      workers: [first, second],
    });
    await impatient(join(fleet.folder, 'prometheus'));
    await fleet.startApi();
    stuck = await fleet.startWorker({ env: { METRICS_PORT: String(first) } });
    for (const workflow of [HELD, lookAfter(first)]) await fleet.call('POST', '/api/workflows', workflow);
    servers.push(startPrometheus(fleet.folder, prometheus), startAlertmanager(fleet.folder, alertmanager));
    other = await fleet.startWorker({ env: { METRICS_PORT: String(second) } });
    await waitFor(async () => (await series('up{job="worker"} == 1')) === 2, {
      describe: 'both workers to be scraped',
    });
  });

  after(async () => {
    for (const server of servers) await server.stop();
    await fleet?.stop();
  });

  it('fires WorkerStuck, which reaches the webhook and starts a run, and its agent runs elsewhere', async () => {
    assert.ok(fleet);
    await fleet.call('POST', `/api/workers/${other.id}/drain`);
    await waitFor(async () => (await workers()).some(({ id, drainedAt }) => id === other.id && drainedAt !== null), {
      describe: 'the other worker to take nothing',
    });
    const door = fleet.door('one');
    const held = await fleet.trigger('held', { file: door.file });
    await waitFor(async () => (await workers()).some(({ id, running }) => id === stuck.id && running === 1), {
      timeoutMs: 60_000,
      describe: 'the agent to run',
    });

    stuck.process.kill('SIGSTOP');
    await fleet.call('POST', `/api/workers/${other.id}/resume`);
    const started = () => fleet!.call<{ id: string }[]>('GET', '/api/workflows/look-after/runs');
    const fired = await waitFor(async () => (await started())[0], {
      timeoutMs: 90_000,
      describe: 'the run that the alert started',
    });
    const run = await fleet.ended('look-after', fired.id);
    assert.deepEqual([run.status, run.agentRuns[0]?.workerId], ['SUCCESS', other.id]);
    assert.equal(await series('ALERTS{alertstate="firing", alertname!="WorkerStuck"}'), 0, 'no other alert fires');

    await door.open();
    const moved = await fleet.ended('held', held);
    assert.deepEqual([moved.status, moved.agentRuns[0]?.workerId], ['SUCCESS', other.id]);
  });

  function workers(): Promise<{ id: string; running: number; drainedAt: string | null }[]> {
    return fleet!.call('GET', '/api/workers');
  }

  async function series(expression: string): Promise<number> {
    const response = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expression)}`);
    return ((await response.json()) as { data: { result: unknown[] } }).data.result.length;
  }
});

/** The rule waits two minutes for what may be a restart; here three scrapes in a row, each with time for a busy machine. */
async function impatient(folder: string): Promise<void> {
  const change = async (name: string, from: RegExp, to: string) => {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8');
    assert.match(text, from);
    await writeFile(file, text.replace(from, to));
  };
  await change('rules/alerts.yml', /(alert: WorkerStuck[^]*?for:) 2m/, '$1 8s');
  await change('prometheus.yml', /scrape_interval: 1s/, 'scrape_interval: 4s');
}
