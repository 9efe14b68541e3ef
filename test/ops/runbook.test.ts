import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { freePort } from '../../platform/services/free-port.ts';
import { withDatabase } from '../../sql/connection-url.ts';
import { expressionsWithoutData, panelsWithoutTraces } from '../../ops/checks/dashboards.ts';
import { startProcess, type LiveProcess } from '../../ops/checks/live-process.ts';
import { doLiveRuns, repeatLiveRuns, type LiveRuns } from '../../ops/checks/live-runs.ts';
import { serverEnvironment, startLiveStack, type LiveStack } from '../../ops/checks/live-stack.ts';
import { needsProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';
import { startOtlpReceiver } from './otlp-receiver.ts';
import { readBlocks, type Block } from './runbook-blocks.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAND_INS = ['docker', 'docker-compose', 'kubectl'] as const;
const PROGRAMS = ['prometheus', 'prometheus-alertmanager', 'nats-server', 'redis-cli', 'psql', 'pg_dump', 'jq', 'curl'];
const HELD = { name: 'ops-held', nodes: [{ id: 'hold', signal: { name: 'go' } }], edges: [] };

const blocks = await readBlocks(join(ROOT, 'docs', 'RUNBOOK.md'));

describe('the runbook', function () {
  this.timeout(300_000);
  let stack: LiveStack;
  let nats: LiveProcess;
  let collector: Awaited<ReturnType<typeof startOtlpReceiver>>;
  let natsMonitor: number;
  let runs: LiveRuns;
  let workspace: string;

  before(async function () {
    for (const program of PROGRAMS) await needsProgram(this, program);
    collector = await startOtlpReceiver();
    stack = await startLiveStack(ROOT, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LOG_LEVEL: 'debug' });
    workspace = join(stack.folder, 'workspace');
    await mkdir(workspace);
    await writeFile(join(workspace, 'index.js'), 'export const answer = 42;\n');
    await installStandIns(join(stack.folder, 'stand-in'));
    for (const name of ['empty', 'plain']) await createDatabase(stack.servers.databaseUrl, name);
    natsMonitor = await freePort();
    nats = startNats(stack.folder, natsMonitor, await freePort());
    runs = await doLiveRuns(stack);
    await waitFor(async () => (await stack.query('agent_retries_total > 0')).length > 0, { describe: 'a scrape' });
    await repeatLiveRuns(stack);
    await post(`${stack.apiUrl}/api/workflows`, HELD);
  });

  after(async () => {
    // undefined where a program was missing
    await (nats as LiveProcess | undefined)?.stop();
    await (stack as LiveStack | undefined)?.stop();
    await (collector as typeof collector | undefined)?.stop();
  });

  it('has dashboards and recording rules that all show data', async () => {
    assert.deepEqual(await expressionsWithoutData(stack, ROOT), []);
  });

  it('has dashboards whose durations lead to traces that the collector got', async () => {
    assert.deepEqual(await panelsWithoutTraces(stack, ROOT), []);
    const [trace] = await stack.exemplars('agent_duration_seconds_bucket{agent="security-scanner"}');
    await waitFor(() => collector.spans.some(({ traceId, name }) => traceId === trace && name.startsWith('node ')), {
      describe: `the node's span in the trace ${trace}`,
    });
    const lines = (await readFile(stack.logFile, 'utf8'))
      .split('\n')
      .filter((line) => line.includes(`"trace":"${trace}"`));
    assert.ok(lines.length > 0, 'and the trace leads to the lines of the log');
  });

  it('has an AlertManager that hands a critical alert to the webhook, which starts a run', async () => {
    const labels = { alertname: 'RunsStuck', severity: 'critical', remediation: 'run', drill: stack.folder };
    await post(`${stack.alertmanagerUrl}/api/v2/alerts`, [{ labels }]);
    await waitFor(async () => (await startedBy(stack.folder)) > 0, {
      timeoutMs: 20_000,
      describe: 'the run of the alert',
    });
  });

  it('names a command that npx finds', async () => {
    const { code, output } = await bash('npx commandcenter --version', process.env);
    assert.equal(code, 0, output);
  });

  for (const block of blocks) {
    it(`tells the truth in line ${block.line}, ${block.heading}`, async () => {
      if (block.language === 'promql') await queryAll(block);
      else await runInShell(block);
    });
  }

  async function queryAll({ text }: Block): Promise<void> {
    for (const expression of text.split('\n')) {
      await waitFor(async () => (await stack.query(expression)).length > 0, { describe: `data for ${expression}` });
    }
  }

  async function runInShell(block: Block): Promise<void> {
    const script =
      block.language === 'sql' ? `psql -v ON_ERROR_STOP=1 "$DATABASE_URL" <<'END'\n${block.text}\nEND` : block.text;
    const run =
      block.run === 'open' ? { workflow: HELD.name, id: await openRun() } : { workflow: 'ops-fails', id: runs.failed };
    const { code, output } = await bash(here(script), environment(block, run));
    assert.equal(code, block.exitCode, `${block.text}\n${output}`);
  }

  /** The addresses and the folder of this test in the place of the runbook's. */
  function here(script: string): string {
    const places = {
      'localhost:9002': stack.apiUrl.slice('http://'.length),
      'localhost:9093': stack.alertmanagerUrl.slice('http://'.length),
      'localhost:8222': `127.0.0.1:${natsMonitor}`,
      '/workspace': workspace,
    };
    return Object.entries(places).reduce((text, [there, place]) => text.replaceAll(there, place), script);
  }

  function environment({ database }: Block, run: { workflow: string; id: string }): NodeJS.ProcessEnv {
    const { servers, folder, apiUrl, logFile } = stack;
    return {
      ...process.env,
      ...serverEnvironment(servers),
      ...(database !== 'source' && { DATABASE_URL: withDatabase(servers.databaseUrl, database) }),
      PATH: `${join(folder, 'stand-in')}:${process.env.PATH ?? ''}`,
      COMMANDCENTER_URL: apiUrl,
      COMMANDCENTER_CONFIG: join(folder, 'none.json'),
      SERVICE_LOG: logFile,
      RUN_ID: run.id,
      WORKFLOW_ID: run.workflow,
    };
  }

  async function startedBy(drill: string): Promise<number> {
    const response = await fetch(`${stack.apiUrl}/api/runs?trigger=alertmanager`);
    return JSON.stringify(await response.json()).split(drill).length - 1;
  }

  async function openRun(): Promise<string> {
    return (await post<{ workflowRunId: string }>(`${stack.apiUrl}/api/workflows/${HELD.name}/trigger`, {}))
      .workflowRunId;
  }
});

/** Each line is a command of its own: the first that fails ends the block. */
function bash(script: string, env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-e', '-o', 'pipefail', '-c', script],
      { cwd: ROOT, env, timeout: 80_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
      },
    );
  });
}

async function installStandIns(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of STAND_INS) {
    const program = join(ROOT, 'test', 'ops', 'stand-in', `${name}.mjs`);
    await writeFile(join(folder, name), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    await chmod(join(folder, name), 0o755);
  }
  // npx costs a second each time; that it finds our command is proved once, by a test of its own.
  const binary = join(ROOT, 'scripts', 'commandcenter.mjs');
  const direct = `#!/bin/sh\ntest "$1" = commandcenter || exit 125\nshift\nexec "${process.execPath}" "${binary}" "$@"\n`;
  await writeFile(join(folder, 'npx'), direct, { mode: 0o755 });
}

async function createDatabase(databaseUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  await client.end();
}

function startNats(folder: string, monitor: number, port: number): LiveProcess {
  const args = [
    '-a',
    '127.0.0.1',
    '-p',
    String(port),
    '-m',
    String(monitor),
    '-js',
    '-sd',
    join(folder, 'nats-monitored'),
  ];
  return startProcess('nats-server', args, { cwd: folder, env: process.env, logFile: join(folder, 'nats.log') });
}

async function post<T>(url: string, body: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
