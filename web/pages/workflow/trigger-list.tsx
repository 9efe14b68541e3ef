import { addressOf } from '../../addresses.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Empty } from '../../components/empty.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Link } from '../../router.tsx';
import type { Definition, Trigger, Workflow } from '../../wire.ts';

/** What starts the workflow by itself, and where its decisions can be read. */
export function TriggerList({ workflow }: { readonly workflow: Workflow }) {
  const { triggers = [] } = workflow as unknown as Definition;
  if (triggers.length === 0) return <NoTriggers />;
  return (
    <ul>
      {triggers.map((trigger, index) => (
        <li key={index} className="list-block stack tight">
          <div className="row">
            <strong>{trigger.type}</strong>
            <span>{describe(trigger)}</span>
            {!trigger.enabled && <span className="tag">disabled</span>}
          </div>
          <p className="row small">
            <Link to={addressOf.runs({ workflow: workflow.name, trigger: trigger.type })}>Runs that it started</Link>
            {isAlert(trigger) && <Link to="/alerts">Alerts that came, and what became of them</Link>}
          </p>
          <details>
            <summary>Definition</summary>
            <JsonView value={trigger} label={`Trigger ${index + 1}`} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function isAlert({ type }: Trigger): boolean {
  return type === 'alertmanager' || type === 'grafana';
}

function describe(trigger: Trigger): string {
  switch (trigger.type) {
    case 'schedule':
      return `${trigger.cron} (${trigger.timezone})`;
    case 'alertmanager':
    case 'grafana':
      return trigger.matchers.length > 0 ? trigger.matchers.join(', ') : 'every alert';
    case 'nats':
      return `messages on ${trigger.subject}`;
    case 'webhook':
      return 'POST /api/webhooks/workflows/…';
    case 'workflow':
      return `when ${trigger.workflow} ends in ${trigger.on.join(' or ')}`;
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
