import { watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applyDefinitions } from '../definitions/apply.ts';
import { printStep } from '../definitions/print-step.ts';
import { CliError, usageError, type ExitCode } from '../exit-codes.ts';
import { findWorkflow, workflowPath } from '../find.ts';
import { readInput, type InputFlags } from '../run-input.ts';
import { runPath, type RunPlace } from '../run-view/follow-run.ts';
import type { Register, Session } from '../session.ts';
import { collect } from '../values.ts';
import type { AcceptedRun } from '../wire.ts';
import { seeThrough } from './run.ts';

export const registerDev: Register = (program, { action }) => {
  program
    .command('dev')
    .description('apply definitions, run them and watch; again whenever a file changes')
    .argument('<path>', 'a file or a folder')
    .option('--run <name>', 'which workflow to run; without it the one that changed last')
    .option('-i, --input <key=value>', 'a field of the input; may be repeated', collect)
    .option('--input-file <path>', 'the input as JSON or YAML; read anew for each run')
    .option('--once', 'do it once, without waiting for changes')
    .action(action(dev));
};

interface DevFlags extends InputFlags {
  readonly run?: string;
  readonly once?: boolean;
}

/** Editors write a file in several steps. */
const SETTLE_MS = 150;

async function dev(session: Session, flags: DevFlags, path: string): Promise<ExitCode | void> {
  if (path === '-') throw usageError('dev watches files: name a file or a folder');
  if (flags.once) return applyAndRun(session, flags, path);
  const changes = watchFiles(session, [path, ...(flags.inputFile === undefined ? [] : [flags.inputFile])]);
  try {
    for (;;) await oneRound(session, flags, path, changes.next());
  } finally {
    changes.close();
  }
}

/** Applies and runs; ends with the next change, for which a run that is still open is cancelled. */
async function oneRound(session: Session, flags: DevFlags, path: string, changed: Promise<void>): Promise<void> {
  const round = new AbortController();
  const work = applyAndRun(session, flags, path, round.signal)
    .catch((error: unknown) => {
      complain(session, error);
    })
    .then(() => {
      session.out.note('waiting for changes… (Ctrl-C ends)');
    });
  await Promise.race([changed, work.then(() => changed)]);
  round.abort();
  await work;
}

async function applyAndRun(
  session: Session,
  flags: DevFlags,
  path: string,
  signal?: AbortSignal,
): Promise<ExitCode | void> {
  const { client, out, json } = session;
  let last: string | undefined;
  const steps = await applyDefinitions(session, [path], {
    onStep(step, version) {
      if (step.action !== 'keep') last = step.name;
      if (!json) printStep(out, step, { dryRun: false, version });
    },
  });
  const name = flags.run ?? last ?? steps.at(-1)?.name;
  if (name === undefined) return;
  const place = await start(session, flags, name);
  signal?.addEventListener('abort', () => void client.post(`${runPath(place)}/cancel`).catch(() => undefined));
  return seeThrough(session, place, true);
}

async function start({ client, world }: Session, flags: DevFlags, name: string): Promise<RunPlace> {
  const workflow = await findWorkflow(client, name);
  const input = await readInput(flags, workflow.inputSchema, world);
  const body = { ...(input !== undefined && { input }), labels: { dev: 'true' } };
  const { workflowId, workflowRunId } = await client.post<AcceptedRun>(`${workflowPath(workflow.id)}/trigger`, {
    body,
  });
  return { workflow: workflowId, runId: workflowRunId };
}

/** A definition with a fault is what one has while writing it; only a service that is away ends the watch. */
function complain({ out }: Session, error: unknown): void {
  if (!(error instanceof CliError) || (error.status === undefined && error.problems.length === 0)) throw error;
  out.line(`${out.colours.red('error:')} ${error.message}`);
  for (const { path, message } of error.problems) out.line(`  ${path}: ${message}`);
}

function watchFiles({ world }: Session, paths: readonly string[]): { next(): Promise<void>; close(): void } {
  let waiting: (() => void)[] = [];
  const tell = (): void => {
    const told = waiting;
    waiting = [];
    for (const each of told) each();
  };
  const watchers = paths.map((path) => {
    const absolute = resolve(world.cwd, path);
    // a file is watched through its folder: editors put a new file in the place of the old one
    const isFile = /\.(json|ya?ml)$/.test(path);
    return watch(isFile ? dirname(absolute) : absolute, { recursive: !isFile }, (_, name) => {
      if (name === null || /\.(json|ya?ml)$/.test(name)) tell();
    });
  });
  return {
    next: async () => {
      await new Promise<void>((resolveNext) => waiting.push(resolveNext));
      await delay(SETTLE_MS);
    },
    close: () => watchers.forEach((watcher) => watcher.close()),
  };
}
