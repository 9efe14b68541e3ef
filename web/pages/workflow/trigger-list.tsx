import { addressOf } from '../../addresses.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Empty } from '../../components/empty.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Await } from '../../components/loading.tsx';
import { Time } from '../../components/time.tsx';
import { Link } from '../../router.tsx';
import { useTriggers } from '../../session/triggers.ts';
import type { TriggerState, Workflow } from '../../wire.ts';
import { TriggerDecisions } from './trigger-decisions.tsx';

/** What starts the workflow by itself: when next, and what it decided about what came. */
export function TriggerList({ workflow }: { readonly workflow: Workflow }) {
  const triggers = useTriggers(workflow.id);
  return (
    <Await of={triggers} what="the triggers">
      {(list) =>
        list.length === 0 ? (
          <NoTriggers />
        ) : (
          <ul>
            {list.map((trigger) => (
              <TriggerBlock key={trigger.id} trigger={trigger} />
            ))}
          </ul>
        )
      }
    </Await>
  );
}

/** What `GET /api/runs?trigger=` knows; the others start runs under one of these. */
const SEARCHABLE: ReadonlySet<string> = new Set(['schedule', 'alertmanager', 'grafana', 'nats', 'webhook', 'workflow']);

function TriggerBlock({ trigger }: { readonly trigger: TriggerState }) {
  const { type, active, settings, nextTimes, workflowName } = trigger;
  return (
    <li className="list-block stack tight">
      <div className="row">
        <strong>{type}</strong>
        <span>{describe(trigger)}</span>
        {!active && <span className="tag">not active</span>}
      </div>
      {nextTimes.length > 0 && <NextTimes times={nextTimes} />}
      <p className="row small">
        {SEARCHABLE.has(type) && (
          <Link to={addressOf.runs({ workflow: workflowName, trigger: type })}>Runs that it started</Link>
        )}
        {(type === 'alertmanager' || type === 'grafana' || type === 'unclaimed') && (
          <Link to="/alerts">Alerts that came, and what became of them</Link>
        )}
      </p>
      <TriggerDecisions trigger={trigger} />
      {Object.keys(settings).length > 0 && (
        <details>
          <summary>Settings</summary>
          <JsonView value={settings} label={`Settings of the ${type} trigger`} />
        </details>
      )}
    </li>
  );
}

function NextTimes({ times: [next = '', ...later] }: { readonly times: readonly string[] }) {
  return (
    <details>
      <summary>
        Next run <Time at={next} />
      </summary>
      <ol className="indented">
        {later.map((time) => (
          <li key={time}>
            <Time at={time} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function describe({ type, settings }: TriggerState): string {
  const text = (name: string): string => (typeof settings[name] === 'string' ? settings[name] : '');
  const list = (name: string): string[] => (Array.isArray(settings[name]) ? settings[name].map(String) : []);
  switch (type) {
    case 'schedule':
      return `${text('cron')} (${text('timezone')})`;
    case 'alertmanager':
    case 'grafana':
      return list('matchers').join(', ') || 'every alert';
    case 'nats':
      return `messages on ${text('subject')}`;
    case 'webhook':
      return 'POST /api/webhooks/workflows/…';
    case 'workflow':
      return `when ${text('workflow')} ends in ${list('on').join(' or ')}`;
    case 'onFailure':
      return `starts ${text('workflow')} when a run of this one fails`;
    case 'unclaimed':
      return 'alerts that no workflow asks for';
  }
}

function NoTriggers() {
  return (
    <Empty title="It is started by hand only">
      <p>
        A definition may have triggers: a schedule, alerts, messages, webhooks, the end of another workflow. For example
        each night at three:
      </p>
      <CodeBlock
        label="Example of a trigger"
        text={'"triggers": [{ "type": "schedule", "cron": "0 3 * * *", "timezone": "UTC" }]'}
      />
    </Empty>
  );
}
