import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, type Client } from './client.ts';
import { applyDefinitions } from './definitions/apply.ts';
import { printStep } from './definitions/print-step.ts';
import { CliError, EXIT, usageError, type ExitCode } from './exit-codes.ts';
import { createOutput, type Output } from './output.ts';
import { printAnalysis, type Analysis } from './quickstart/findings.ts';
import { endLeftovers } from './quickstart/leftover.ts';
import { firstFreePort, launchService, type LocalService } from './quickstart/local-service.ts';
import { exitCodeOf } from './run-view/result.ts';
import { watchRun } from './run-view/watch-run.ts';
import { startWaiting } from './run-view/waiting.ts';
import { variable } from './variable.ts';
import type { AcceptedRun, RunWire } from './wire.ts';

/**
 * `npm run quickstart`: brings the whole service up, runs examples/full-analysis.json on this repository, shows what
 * happens and what was found, and takes everything down again (or leaves it running with `--keep`).
 */

const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '..' : '../..', import.meta.url)).replace(
  /\/$/,
  '',
);
const EXAMPLE = 'examples/full-analysis.json';
const USUAL_PORT = 9002;

interface Setting {
  readonly out: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly keep: boolean;
}

async function quickstart(setting: Setting): Promise<ExitCode> {
  const { out, env, keep } = setting;
  out.line(`${out.colours.bold('CommandCenter quickstart')}\n`);
  const service = await launch(setting);
  const stopListening = onStopSignals(service, out);
  let release = service.stop;
  try {
    await bringUp(setting, service);
    const client = createClient({ url: service.url, token: variable(env, 'COMMANDCENTER_TOKEN') ?? adminTokenOf(env) });
    const run = await analyse(client, out).catch((error: unknown) => {
      throw withLog(error, service.logPath);
    });
    report(setting, service, run);
    if (keep) release = service.keep;
    return exitCodeOf(run);
  } finally {
    stopListening();
    await release();
  }
}

async function launch({ out, env }: Setting): Promise<LocalService> {
  const dataDir = resolve(ROOT, variable(env, 'DATA_DIR') ?? '.orchestration');
  await mkdir(dataDir, { recursive: true });
  await endLeftovers(dataDir);
  const wanted = Number(variable(env, 'PORT') ?? USUAL_PORT);
  const port = await firstFreePort(wanted);
  if (port !== wanted) out.line(`  port ${wanted} is taken: using ${port}`);
  const workspaceRoots = [env.WORKSPACE_ROOTS, ROOT].filter(Boolean).join(':');
  return launchService({ root: ROOT, dataDir, port, env: { ...env, WORKSPACE_ROOTS: workspaceRoots } });
}

async function bringUp({ out }: Setting, service: LocalService): Promise<void> {
  const waiting = startWaiting(out, 'starting Postgres, Redis, NATS, API and worker');
  const lines = await service.ready().finally(() => {
    waiting.end();
  });
  for (const line of lines) out.line(`  ${line}`);
  out.line(`  API and worker on ${service.url}, pid ${service.pid}`);
}

async function analyse(client: Client, out: Output): Promise<RunWire> {
  await applyDefinitions({ client, world: { ...process, cwd: ROOT } }, [EXAMPLE], {
    onStep: (step, version) => printStep(out, step, { dryRun: false, version }),
  });
  out.line();
  const { workflowId, workflowRunId } = await client.post<AcceptedRun>('/api/workflows/full-analysis/trigger', {
    body: { input: { repositoryPath: ROOT } },
  });
  const run = await watchRun({ workflow: workflowId, runId: workflowRunId }, { client, out });
  out.line();
  return run;
}

function report({ out, keep }: Setting, { url, pid, logPath }: LocalService, run: RunWire): void {
  if (run.status === 'SUCCESS') printAnalysis(out, run.output as Analysis);
  else out.line(out.colours.red(`The run ended ${run.status}: ${run.error?.message ?? 'no reason was given'}`));
  out.line();
  out.line(`  run         ${url}/workflows/${run.workflowName}/runs/${run.id}`);
  out.line(`  its data    ${url}/api/workflows/${run.workflowName}/runs/${run.id}`);
  out.line(`  console     ${url}/`);
  out.line(`  Bull Board  ${url}/admin/queues`);
  out.line(`  API         ${url}/docs`);
  if (run.status !== 'SUCCESS') out.line(`  log         ${logPath}`);
  out.line();
  out.line(
    keep
      ? `The service goes on running. Stop it, and the servers that it brought up, with: kill ${pid}`
      : 'Everything is being stopped; `npm start` brings the same data back up, `npm run quickstart -- --keep` leaves it running.',
  );
}

/** Of AUTH_TOKENS (`name:scope:token`, comma-separated): the first of an admin. */
function adminTokenOf({ AUTH_TOKENS = '' }: NodeJS.ProcessEnv): string | undefined {
  return AUTH_TOKENS.split(',')
    .find((entry) => entry.split(':')[1] === 'admin')
    ?.split(':')
    .slice(2)
    .join(':')
    .trim();
}

function withLog(error: unknown, logPath: string): CliError {
  const problems = error instanceof CliError ? error.problems.map(({ path, message }) => `  ${path}: ${message}`) : [];
  const reason = error instanceof Error ? error.message : String(error);
  return new CliError(EXIT.failed, [reason, ...problems, `Log of the service: ${logPath}`].join('\n'), {
    cause: error,
  });
}

/** Ctrl-C takes everything down first, whatever it interrupts. */
function onStopSignals({ stop }: LocalService, out: Output): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    out.note('\nstopping…');
    void stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
}

function readArguments(args: readonly string[]): { keep: boolean } {
  const unknown = args.find((arg) => arg !== '--keep');
  if (unknown !== undefined)
    throw usageError(`Unknown argument ${unknown}: use \`npm run quickstart\` or \`npm run quickstart -- --keep\``);
  return { keep: args.includes('--keep') };
}

try {
  const out = createOutput(process);
  process.exitCode = await quickstart({ out, env: process.env, ...readArguments(process.argv.slice(2)) });
} catch (error) {
  const failure = error instanceof CliError ? error : new CliError(EXIT.failed, String((error as Error).stack));
  process.stderr.write(`\n${failure.message}\n`);
  process.exitCode = failure.exitCode === EXIT.usage ? EXIT.usage : EXIT.failed;
}
