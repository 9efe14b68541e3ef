import { formatAge, formatDuration } from '../duration.ts';
import { usageError } from '../exit-codes.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { findWorkflow, workflowPath } from '../find.ts';
import { clip, oneLine } from '../output.ts';
import type { Register, Session } from '../session.ts';
import { wholeNumber } from '../values.ts';
import type { BacktestWire, DecisionWire, TriggerWire } from '../wire.ts';

export const registerTriggers: Register = (program, { action }) => {
  const triggers = program.command('triggers').alias('trigger').description('what starts runs besides people');

  triggers
    .command('list')
    .description('every trigger with its next time and its last decision')
    .argument('[workflow]', 'of one workflow')
    .action(action(list));
  triggers
    .command('decisions')
    .description('what came for a trigger, and what it started or why not')
    .argument('<trigger>', 'its id, as list shows it')
    .option('--outcome <outcome>', 'started, duplicate, cooldown, …')
    .option('--limit <count>', 'at most so many', wholeNumber('--limit'), 20)
    .action(action(decisions));
  triggers
    .command('backtest')
    .description('replay the alerts that came against a workflow or a draft of it; starts nothing')
    .argument('<workflow>', 'name or id')
    .option('-f, --file <path>', 'a draft of its definition (.json, .yaml; - is stdin)')
    .option('--days <count>', 'how far back', wholeNumber('--days'), 7)
    .option(
      '--run-seconds <count>',
      'how long a run takes; default: the median of the last ones',
      wholeNumber('--run-seconds'),
    )
    .addHelpText('after', '\nExample:\n  commandcenter triggers backtest disk-full -f draft.json --days 30\n')
    .action(action(backtest));
};

async function list({ client, out, json }: Session, _: unknown, workflow?: string): Promise<void> {
  const named = workflow === undefined ? {} : { workflow: (await findWorkflow(client, workflow)).id };
  const found = await client.get<TriggerWire[]>('/api/triggers', named);
  if (json) {
    out.json(found);
    return;
  }
  if (found.length === 0) {
    out.note('There is no trigger. What they are: docs/TRIGGERS.md');
    return;
  }
  const rows = found.map(({ id, workflowName, type, active, nextTimes: [next = ''], lastDecision }) => [
    workflowName,
    type,
    active ? 'yes' : 'no',
    next,
    lastDecision ? `${lastDecision.outcome} ${formatAge(lastDecision.at, Date.now())}` : '',
    id,
  ]);
  out.table(['workflow', 'type', 'active', 'next', 'last', 'id'], rows);
}

interface DecisionFlags {
  readonly outcome?: string;
  readonly limit: number;
}

async function decisions({ client, out, json }: Session, flags: DecisionFlags, id: string): Promise<void> {
  const path = `/api/triggers/${encodeURIComponent(id)}/decisions`;
  const found = await client.list<DecisionWire>(path, { outcome: flags.outcome }, flags.limit);
  if (json) {
    out.json(found);
    return;
  }
  if (found.length === 0) {
    out.note('Nothing has come for this trigger.');
    return;
  }
  const rows = found.map(({ at, outcome, workflowRunId, message, subject }) => [
    at,
    outcome,
    workflowRunId?.slice(0, 8) ?? '',
    clip(oneLine(message ?? JSON.stringify(subject)), MESSAGE_COLUMNS),
  ]);
  out.table(['at', 'outcome', 'run', 'what'], rows);
}

const MESSAGE_COLUMNS = 90;

interface BacktestFlags {
  readonly file?: string;
  readonly days: number;
  readonly runSeconds?: number;
}

async function backtest(session: Session, { file, days, runSeconds }: BacktestFlags, name: string): Promise<void> {
  const { client, out, json } = session;
  const { id, name: workflow } = await findWorkflow(client, name);
  const body = {
    days,
    ...(runSeconds !== undefined && { runSeconds }),
    ...(file !== undefined && { definition: await readDraft(file, session) }),
  };
  const result = await client.post<BacktestWire>(`${workflowPath(id)}/triggers/backtest`, { body });
  if (json) {
    out.json(result);
    return;
  }
  for (const line of summaryOf(workflow, days, result)) out.line(line);
  if (result.starts.length === 0) return;
  out.line();
  const rows = result.starts.map(({ at, status, alerts, labels, overlaps }) => [
    at,
    alerts === 1 ? status : `${alerts} alerts`,
    clip(oneLine(labelsOf(labels)), MESSAGE_COLUMNS),
    overlaps ? 'the run before is open' : '',
  ]);
  out.table(['at', 'for', 'labels', 'overlaps'], rows);
  const left = result.wouldStart - result.starts.length;
  if (left > 0) out.note(`and ${left} more`);
}

async function readDraft(file: string, { world }: Session): Promise<unknown> {
  const [source, ...others] = await loadDefinitions([file], world);
  if (!source || others.length > 0) throw usageError(`${file} holds ${others.length + 1} definitions: give one`);
  return source.definition;
}

function summaryOf(workflow: string, days: number, result: BacktestWire): string[] {
  const { webhooks, alerts, wouldStart, overlapping, grouped, declined, runSeconds } = result;
  const reasons = Object.entries(declined).map(([reason, count]) => `${count} ${reason}`);
  const runs = `runs of ${formatDuration(runSeconds * 1_000)}`;
  return [
    `${workflow}, the last ${counted(days, 'day')}: ${counted(webhooks, 'webhook')} with ${counted(alerts, 'alert')}`,
    `  would have started  ${counted(wouldStart, 'time')}`,
    `  overlapping         ${overlapping} (${runs})`,
    ...(grouped > 0 ? [`  waited in groups    ${counted(grouped, 'alert')}`] : []),
    `  not started         ${reasons.length === 0 ? 'none that it asks for' : reasons.join(', ')}`,
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
