import { stringify } from 'yaml';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { applyDefinitions } from '../definitions/apply.ts';
import { checkSources, listStored, type Checked } from '../definitions/check.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { definitionOf, type Step } from '../definitions/plan.ts';
import { presentStep, printStep } from '../definitions/print-step.ts';
import { newDefinition } from '../definitions/template.ts';
import { formatAge } from '../duration.ts';
import { EXIT, usageError, type ExitCode } from '../exit-codes.ts';
import { findWorkflow, workflowPath } from '../find.ts';
import type { Output } from '../output.ts';
import type { Register, Session } from '../session.ts';
import { collect, wholeNumber } from '../values.ts';
import type { WorkflowWire } from '../wire.ts';

export const registerWorkflow: Register = (program, { action }) => {
  const workflow = program.command('workflow').alias('workflows').description('definitions: what can be run');

  workflow
    .command('apply')
    .description('store definitions from files and folders (.json, .yaml; - is stdin)')
    .argument('[path...]')
    .option('-f, --file <path>', 'the same as the argument; may be repeated', collect)
    .option('--prune', 'delete the workflows of the same project that the files do not name')
    .option('--dry-run', 'change nothing, show what would change')
    .addHelpText('after', '\nExamples:\n  commandcenter workflow apply -f workflows/ --prune --dry-run\n')
    .action(action(apply));
  workflow
    .command('list')
    .description('the stored workflows')
    .option('--status <status>', 'ACTIVE, DRAFT or ARCHIVED')
    .option('-q, --query <text>', 'part of the name or the description')
    .option('--limit <count>', 'at most so many', wholeNumber('--limit'), 100)
    .action(action(list));
  workflow
    .command('get')
    .description('a definition, as it can be applied again')
    .argument('<name>', 'name or id')
    .option('--version <number>', 'an earlier version', wholeNumber('--version'))
    .option('-o, --output <format>', 'json or yaml', 'json')
    .action(action(get));
  workflow
    .command('validate')
    .description('tell every problem of definitions, store nothing')
    .argument('<path...>')
    .action(action(validate));
  workflow
    .command('delete')
    .description('delete workflows; their runs stay')
    .argument('<name...>')
    .action(action(remove));
  workflow
    .command('init')
    .description('write a definition to start from')
    .argument('[name]', 'its name', 'my-workflow')
    .option('--force', 'write over the file')
    .action(action(init));
  for (const verb of ['pause', 'resume'] as const) {
    workflow
      .command(verb)
      .description(verb === 'pause' ? 'let no new runs start' : 'let runs start again')
      .argument('<name>')
      .action(action((session: Session, _: unknown, name: string) => setPaused(session, name, verb)));
  }
};

interface ApplyFlags {
  readonly file?: readonly string[];
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

async function apply(session: Session, flags: ApplyFlags, paths: readonly string[]): Promise<void> {
  const all = [...paths, ...(flags.file ?? [])];
  if (all.length === 0) throw usageError('Name a file or a folder to apply: commandcenter workflow apply workflows/');
  const { prune = false, dryRun = false } = flags;
  const done: ReturnType<typeof presentStep>[] = [];
  const onStep = (step: Step, version: number | undefined): void => {
    done.push(presentStep(step, version));
    if (!session.json) printStep(session.out, step, { dryRun, version });
  };
  await applyDefinitions(session, all, { prune, dryRun, onStep });
  if (session.json) session.out.json(done);
}

interface ListFlags {
  readonly status?: string;
  readonly query?: string;
  readonly limit: number;
}

async function list({ client, out, json }: Session, { status, query, limit }: ListFlags): Promise<void> {
  const workflows = await client.list<WorkflowWire>('/api/workflows', { status, q: query }, limit);
  if (json) {
    out.json(workflows);
    return;
  }
  if (workflows.length === 0) {
    out.note('There is no workflow yet. Store one: commandcenter workflow apply examples/');
    return;
  }
  const rows = workflows.map(({ name, version, status: state, pausedAt, nodes, triggers, updatedAt }) => [
    name,
    String(version),
    pausedAt === null ? state : 'PAUSED',
    String(nodes.length),
    Array.isArray(triggers) ? triggers.map(({ type }: { type: string }) => type).join(', ') : '',
    formatAge(updatedAt, Date.now()),
  ]);
  out.table(['name', 'version', 'status', 'nodes', 'triggers', 'changed'], rows);
}

async function get(
  { client, out, json }: Session,
  flags: { version?: number; output: string },
  name: string,
): Promise<void> {
  if (flags.output !== 'json' && flags.output !== 'yaml')
    throw usageError(`--output ${flags.output} is not json or yaml`);
  const workflow = await findWorkflow(client, name);
  const definition =
    flags.version === undefined
      ? definitionOf(workflow)
      : (await client.get<{ definition: unknown }>(`${workflowPath(workflow.id)}/versions/${flags.version}`))
          .definition;
  if (flags.output === 'yaml' && !json) out.line(stringify(definition).trimEnd());
  else out.json(json && flags.version === undefined ? workflow : definition);
}

async function validate(
  { client, out, json, world }: Session,
  _: unknown,
  paths: readonly string[],
): Promise<ExitCode> {
  const sources = await loadDefinitions(paths, world);
  const checked = await checkSources(client, sources, await listStored(client));
  if (json) out.json(checked.map(({ file, problems }) => ({ file, valid: problems.length === 0, problems })));
  else for (const one of checked) printChecked(out, one);
  return checked.every(({ problems }) => problems.length === 0) ? EXIT.ok : EXIT.usage;
}

function printChecked({ line, colours }: Output, { file, written, problems }: Checked): void {
  if (problems.length === 0) line(colours.green(`✓ ${file}: ${String(written.name)} is valid`));
  for (const { path, message } of problems) line(`${colours.red('✗')} ${path}: ${message}`);
}

async function remove({ client, out, json }: Session, _: unknown, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const workflow = await findWorkflow(client, name);
    await client.delete(workflowPath(workflow.id));
    if (!json) out.line(`${workflow.name} deleted`);
  }
  if (json) out.json(names);
}

async function init({ out, json, world }: Session, { force }: { force?: boolean }, name: string): Promise<void> {
  const file = `${name}.json`;
  const text = `${JSON.stringify(newDefinition(name), null, 2)}\n`;
  await writeFile(resolve(world.cwd, file), text, { flag: force ? 'w' : 'wx' }).catch((error: unknown) => {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw usageError(exists ? `${file} is there already: choose another name, or add --force` : String(error));
  });
  if (json) out.json({ file });
  else out.line(`${file} written. Next: commandcenter dev ${file}`);
}

async function setPaused({ client, out, json }: Session, name: string, verb: 'pause' | 'resume'): Promise<void> {
  const { id } = await findWorkflow(client, name);
  const workflow = await client.post<WorkflowWire>(`${workflowPath(id)}/${verb}`);
  if (json) out.json(workflow);
  else out.line(`${workflow.name} ${verb}d`);
}
