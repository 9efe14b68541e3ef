import type { Problem } from '../contracts/errors.ts';
import type { Trigger, WorkflowDefinition } from './definition.ts';
import { parseMatchers } from './matchers.ts';
import { dottedPath } from './problems.ts';
import { cronProblem } from './schedule.ts';

/** Problems of triggers and maintenance windows that their shape does not show. */
export function triggerProblems({ name, triggers, maintenance = [] }: WorkflowDefinition): Problem[] {
  return [
    ...triggers.flatMap((trigger, index) => problemsOfTrigger(trigger, name, ['triggers', index])),
    ...maintenance.flatMap((window, index) => problemsOfWindow(window, ['maintenance', index])),
  ];
}

function problemsOfTrigger(trigger: Trigger, workflow: string, path: readonly PropertyKey[]): Problem[] {
  switch (trigger.type) {
    case 'schedule':
      return cronProblems(trigger.cron, trigger.timezone, path);
    case 'alertmanager':
    case 'grafana':
      return [...matcherProblems(trigger.matchers, path), ...groupProblems(trigger, path)];
    case 'webhook':
      return trigger.secret === undefined && (trigger.scheme !== undefined || trigger.replayWindowSeconds !== undefined)
        ? [{ path: dottedPath(path), message: '"scheme" and "replayWindowSeconds" need a "secret"' }]
        : [];
    case 'workflow':
      return trigger.workflow === workflow
        ? [
            {
              path: dottedPath([...path, 'workflow']),
              message: 'A workflow cannot be started by its own end: it would never stop',
            },
          ]
        : [];
    case 'nats':
      return [];
  }
}

function problemsOfWindow(
  window: NonNullable<WorkflowDefinition['maintenance']>[number],
  path: readonly PropertyKey[],
): Problem[] {
  const matchers = matcherProblems(window.matchers, path);
  if ('cron' in window) return [...cronProblems(window.cron, window.timezone, path), ...matchers];
  if (new Date(window.from) < new Date(window.until)) return matchers;
  return [{ path: dottedPath([...path, 'until']), message: '"until" must be after "from"' }, ...matchers];
}

function cronProblems(cron: string, timezone: string, path: readonly PropertyKey[]): Problem[] {
  const message = cronProblem(cron, timezone);
  return message === null
    ? []
    : [{ path: dottedPath([...path, message.includes('time zone') ? 'timezone' : 'cron']), message }];
}

function matcherProblems(matchers: readonly string[], path: readonly PropertyKey[]): Problem[] {
  return matchers.flatMap((matcher, index) => {
    try {
      parseMatchers(matcher);
      return [];
    } catch (error) {
      return [
        {
          path: dottedPath([...path, 'matchers', index]),
          message: error instanceof Error ? error.message : 'Invalid matcher',
        },
      ];
    }
  });
}

function groupProblems(trigger: Extract<Trigger, { matchers: string[] }>, path: readonly PropertyKey[]): Problem[] {
  if (trigger.groupBy !== undefined) return [];
  const lonely = (['groupWindowSeconds', 'groupThreshold', 'resolvedWhen'] as const).filter(
    (field) => trigger[field] !== undefined,
  );
  return lonely.map((field) => ({ path: dottedPath([...path, field]), message: `"${field}" needs "groupBy"` }));
}
