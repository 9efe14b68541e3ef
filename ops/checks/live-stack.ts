import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../platform/log.ts';
import { freePort } from '../../platform/services/free-port.ts';
import { resolveServices, type ResolvedServices } from '../../platform/services.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { writeConfiguration } from './live-configuration.ts';
import { startProcess, type LiveProcess } from './live-process.ts';

/** The service with Prometheus and AlertManager around it, wired by our own files; only addresses and times differ. */
export interface LiveStack {
  readonly apiUrl: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly servers: Pick<ResolvedServices, 'databaseUrl' | 'queue' | 'natsUrl'>;
  readonly folder: string;
  /** Where the service's lines go. */
  readonly logFile: string;
  /** Asks Prometheus. @throws Error when the expression is wrong */
  query(expression: string): Promise<readonly Sample[]>;
  /** The traces that Prometheus knows for the histograms in an expression. @throws Error when it is wrong */
  exemplars(expression: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** Needs `prometheus` and `prometheus-alertmanager` of Debian; Postgres, Redis and NATS are its own. */
export async function startLiveStack(root: string, env: NodeJS.ProcessEnv = {}): Promise<LiveStack> {
  const folder = await mkdtemp(join(tmpdir(), 'cc-ops-'));
  await chmod(folder, 0o755); // as root, Postgres runs under another account, which has to get in
  const processes: LiveProcess[] = [];
  const servers = await resolveServices(ownServers(folder), createLogger({ level: 'error' }));
  const stop = async () => {
    for (const one of processes.reverse()) await one.stop();
    await Promise.all(servers.services.map((service) => service.stop(10_000)));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const ports = { api: await freePort(), prometheus: await freePort(), alertmanager: await freePort() };
    const urls = {
      apiUrl: `http://127.0.0.1:${ports.api}`,
      prometheusUrl: `http://127.0.0.1:${ports.prometheus}`,
      alertmanagerUrl: `http://127.0.0.1:${ports.alertmanager}`,
    };
    await writeConfiguration(root, folder, ports);
    const logFile = join(folder, 'service.log');
    processes.push(
      startService(root, logFile, { ...serviceEnvironment(folder, servers, ports), ...env }),
      startPrometheus(folder, ports.prometheus),
      startAlertmanager(folder, ports.alertmanager),
    );
    const addresses = [
      `${urls.apiUrl}/health/ready`,
      `${urls.prometheusUrl}/-/ready`,
      `${urls.alertmanagerUrl}/-/ready`,
    ];
    await Promise.all(addresses.map((url) => waitFor(() => answers(url), { timeoutMs: 60_000, describe: url })));
    return {
      ...{ ...urls, servers, folder, logFile, stop },
      query: (text) => query(urls.prometheusUrl, text),
      exemplars: (text) => exemplars(urls.prometheusUrl, text),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Brought up for this stack, whatever else runs on the machine. */
function ownServers(dataDir: string) {
  return { dataDir, production: false, databaseUrl: undefined, redisUrl: undefined, natsUrl: undefined };
}

/** The addresses by which a process, or a command of the runbook, meets this stack's servers. */
export function serverEnvironment({ databaseUrl, queue, natsUrl }: LiveStack['servers']): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    ...(queue.kind === 'redis' && { REDIS_URL: queue.url }),
    ...(natsUrl !== undefined && { NATS_URL: natsUrl }),
  };
}

function serviceEnvironment(
  folder: string,
  servers: LiveStack['servers'],
  { api, alertmanager }: { api: number; alertmanager: number },
): NodeJS.ProcessEnv {
  return {
    ...serverEnvironment(servers),
    PORT: String(api),
    DATA_DIR: join(folder, 'data'),
    WORKSPACE_ROOTS: `${folder}:/workspace`,
    ALERTMANAGER_URL: `http://127.0.0.1:${alertmanager}`,
  };
}

function startService(root: string, logFile: string, env: NodeJS.ProcessEnv): LiveProcess {
  const args = ['--import=tsx', 'main.ts', '--roles=api,worker'];
  return startProcess(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, logFile });
}

/** In a folder that `writeConfiguration` has filled. */
export function startPrometheus(folder: string, port: number): LiveProcess {
  return startProcess(
    'prometheus',
    [
      '--config.file=prometheus/prometheus.yml',
      '--storage.tsdb.path=prometheus-data',
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=error',
    ],
    { cwd: folder, env: process.env, logFile: join(folder, 'prometheus.log') },
  );
}

/** In a folder that `writeConfiguration` has filled. */
export function startAlertmanager(folder: string, port: number): LiveProcess {
  return startProcess(
    'prometheus-alertmanager',
    [
      '--config.file=alertmanager/alertmanager.local.yml',
      '--storage.path=alertmanager-data',
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=', // no gossip
    ],
    { cwd: folder, env: process.env, logFile: join(folder, 'alertmanager.log') },
  );
}

async function query(prometheusUrl: string, expression: string): Promise<readonly Sample[]> {
  return (await askPrometheus<{ result: Sample[] }>(`${prometheusUrl}/api/v1/query`, { query: expression })).result;
}

/** Of the last ten minutes. */
async function exemplars(prometheusUrl: string, expression: string): Promise<readonly string[]> {
  const now = Date.now() / 1000;
  const series = await askPrometheus<{ exemplars: { labels: { trace_id: string } }[] }[]>(
    `${prometheusUrl}/api/v1/query_exemplars`,
    { query: expression, start: String(now - 600), end: String(now + 60) },
  );
  return series.flatMap((one) => one.exemplars.map(({ labels }) => labels.trace_id));
}

async function askPrometheus<T>(url: string, parameters: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`${url}?${new URLSearchParams(parameters).toString()}`);
  const body = (await response.json()) as { data?: T; error?: string };
  if (!body.data) throw new Error(`${parameters.query ?? url}: ${body.error ?? 'no answer'}`);
  return body.data;
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}
