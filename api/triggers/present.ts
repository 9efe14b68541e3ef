import { parseDefinition, type Trigger } from '../../flows/definition.ts';
import { nextTimes } from '../../flows/schedule.ts';
import { nameTriggers, onFailureId, unclaimedId } from '../../flows/trigger-id.ts';
import type { LastDecision, WorkflowWithTriggers } from '../../sql/queries/triggers.ts';
import { ALERT_NOTIFICATION } from '../webhooks/alert-notification.ts';
import type { TriggerWire } from './schema.ts';

const TIMES_SHOWN = 10;

/** The triggers of a workflow, `onFailure` among them; one whose stored definition cannot be read has none. */
export function triggersOf({ id, name, status, pausedAt, definition }: WorkflowWithTriggers): TriggerWire[] {
  const parsed = parseOrNull(definition);
  if (parsed === null) return [];
  const isOpen = status === 'ACTIVE' && pausedAt === null;
  const common = {
    workflowId: id,
    workflowName: name,
    active: isOpen,
    settings: {},
    nextTimes: [],
    lastDecision: null,
  };
  const own = nameTriggers(id, parsed.triggers).map(({ id: triggerId, trigger }): TriggerWire => {
    const { type, enabled, ...settings } = trigger;
    const active = isOpen && enabled;
    return { ...common, id: triggerId, type, active, settings, nextTimes: active ? timesOf(trigger) : [] };
  });
  const { onFailure } = parsed;
  return [
    ...own,
    ...(onFailure === undefined
      ? []
      : [{ ...common, id: onFailureId(id), type: 'onFailure' as const, settings: { workflow: onFailure } }]),
    ...(name === ALERT_NOTIFICATION ? [{ ...common, id: unclaimedId(id), type: 'unclaimed' as const }] : []),
  ];
}

export function withLastDecision(trigger: TriggerWire, last: LastDecision | undefined): TriggerWire {
  if (last === undefined) return trigger;
  const { at, outcome, message, runId } = last;
  return { ...trigger, lastDecision: { at: at.toISOString(), outcome, message, workflowRunId: runId } };
}

/** Without the jitter, which puts each off by up to `jitterSeconds`. */
function timesOf(trigger: Trigger): string[] {
  if (trigger.type !== 'schedule') return [];
  return nextTimes(trigger.cron, trigger.timezone, new Date(), TIMES_SHOWN).map((time) => time.toISOString());
}

function parseOrNull(json: unknown) {
  try {
    return parseDefinition(json);
  } catch {
    return null;
  }
}
