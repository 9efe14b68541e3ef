import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import type { AlertResult, Webhook } from '../../wire.ts';
import { AlertRow } from './alert-row.tsx';

const LOADED = 100;

/** What came, what it started, and why it started nothing. */
export default function AlertsPage() {
  const [text, setText] = useState('');
  const webhooks = useResource(
    'webhooks',
    (signal) => bodyOf(api.GET('/api/webhooks', { params: { query: { limit: LOADED } }, signal })),
    { everyMs: 3_000 },
  );
  return (
    <>
      <PageHead title="Alerts">
        <p>Each webhook that came, what its alerts started, and why they started nothing.</p>
      </PageHead>
      <section className="card" aria-label="Webhooks">
        <Await of={webhooks} what="the webhooks">
          {(all) =>
            all.length === 0 ? (
              <NoAlerts />
            ) : (
              <>
                <div className="card-body">
                  <input
                    className="input"
                    type="search"
                    data-search=""
                    aria-label="Filter alerts"
                    placeholder="Part of a label, a workflow or an outcome"
                    value={text}
                    onChange={({ target }) => setText(target.value)}
                  />
                </div>
                {all.map((webhook) => (
                  <WebhookBlock key={webhook.id} webhook={webhook} text={text} />
                ))}
              </>
            )
          }
        </Await>
      </section>
    </>
  );
}

function WebhookBlock({ webhook, text }: { readonly webhook: Webhook; readonly text: string }) {
  const { id, kind, sender, receivedAt, handledAt, alerts, body } = webhook;
  const results = alerts
    .filter(isResult)
    .filter((alert) => JSON.stringify(alert).toLowerCase().includes(text.toLowerCase()));
  if (text !== '' && results.length === 0) return null;
  return (
    <article className="list-block stack tight" aria-label={`Webhook ${id.slice(0, 8)}`}>
      <div className="row">
        <strong>{kind}</strong>
        <Time at={receivedAt} />
        {sender !== null && <span className="muted">from {sender}</span>}
        {handledAt === null && (
          <span className="tag">not handled to the end: its sender was told to send it again</span>
        )}
      </div>
      {results.map((alert) => (
        <AlertRow key={alert.index} alert={alert} />
      ))}
      <details>
        <summary>Body as it was sent</summary>
        <CodeBlock text={body} label="Body of the webhook" />
      </details>
    </article>
  );
}

/** The generic webhook has no alerts but what its workflow made of it. */
function isResult(alert: unknown): alert is AlertResult {
  return typeof alert === 'object' && alert !== null && 'decisions' in alert;
}

function NoAlerts() {
  const url = `${location.origin}/api/webhooks/alertmanager`;
  return (
    <Empty title="No webhook has come yet">
      <p>
        Point AlertManager here, and give a workflow a trigger of type alertmanager. An alert that nobody asks for
        starts the built-in alert-notification.
      </p>
      <CodeBlock
        label="Receiver for AlertManager"
        text={`receivers:\n  - name: commandcenter\n    webhook_configs:\n      - url: ${url}`}
      />
      <p>Or try it by hand:</p>
      <CodeBlock
        label="A test alert"
        text={`curl -X POST ${url} -H 'content-type: application/json' -d '{"alerts":[{"labels":{"alertname":"test","severity":"critical"}}]}'`}
      />
    </Empty>
  );
}
