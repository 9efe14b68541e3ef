import { useState } from 'react';
import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useResource } from '../../live/resource.ts';
import { addressWith, Link } from '../../router.tsx';
import { useRefusal } from '../../session/session.ts';
import type { AgentRun, Run } from '../../wire.ts';
import { adviceFor } from './advice.ts';
import { retry } from './run-actions.tsx';

const LINES_SHOWN = 6;
const OTHERS_SHOWN = 8;

/** Which node failed, why, what it wrote last, and the button that goes on from there. */
export function FailureCallout({ run }: { readonly run: Run }) {
  const [problem, setProblem] = useState<Error>();
  const refused = useRefusal('operate');
  const failed = run.agentRuns.filter(({ status }) => status === 'FAILED');
  const node =
    failed.find(({ nodeId, itemIndex }) => nodeId === run.error?.nodeId && itemIndex !== null) ??
    failed.find(({ nodeId }) => nodeId === run.error?.nodeId);
  const error = node?.error ?? run.error;
  const { title, advice, next } = adviceFor(error?.code ?? '');
  const others = failed.filter((row) => row !== node && row.nodeId !== node?.nodeId);
  return (
    <section className="notice red" aria-label="Why the run failed">
      <strong>
        {run.error?.nodeId === undefined || run.error.nodeId === null
          ? 'The run failed'
          : `Node ${run.error.nodeId} failed`}
        : {title}
      </strong>
      {error && <p>{error.message}</p>}
      {node && <LastLines run={run} row={node} />}
      <p>{advice}</p>
      {others.length > 0 && <OtherFailures rows={others} />}
      <div className="row">
        {next === 'definition' ? (
          <Link to={addressOf.workflow(run.workflowName, 'definition')} className="button primary">
            Correct the definition
          </Link>
        ) : (
          <ActionButton
            kind="primary"
            doing="Starting a run"
            refused={refused}
            run={() => retry(run, { from: 'failed' })}
            onError={setProblem}
          >
            Retry from here
          </ActionButton>
        )}
        {node && (
          <Link
            to={addressWith({ node: node.nodeId, item: itemOf(node), tab: node.kind === 'agent' ? 'logs' : null })}
            className="button"
          >
            {node.kind === 'agent' ? 'Log of' : 'See'} {nameOf(node)}
          </Link>
        )}
      </div>
      {problem && <ProblemNotice error={problem} />}
    </section>
  );
}

function OtherFailures({ rows }: { readonly rows: readonly AgentRun[] }) {
  return (
    <p>
      Failed too:{' '}
      {rows.slice(0, OTHERS_SHOWN).map((row, index) => (
        <span key={row.id}>
          {index > 0 && ', '}
          <Link to={addressWith({ node: row.nodeId, item: itemOf(row) })}>{row.nodeId}</Link>
        </span>
      ))}
      {rows.length > OTHERS_SHOWN && ` and ${rows.length - OTHERS_SHOWN} more`}
    </p>
  );
}

function nameOf({ nodeId, itemIndex }: AgentRun): string {
  return itemIndex === null ? nodeId : `${nodeId} [${itemIndex}]`;
}

function itemOf({ itemIndex }: AgentRun): string | null {
  return itemIndex === null ? null : String(itemIndex);
}

function LastLines({ run, row }: { readonly run: Run; readonly row: AgentRun }) {
  const path = { id: run.workflowId, runId: run.id, agentRunId: row.id };
  const query = { limit: 10_000, attempt: row.attempt };
  const { data = [] } = useResource(`last-lines/${row.id}/${row.attempt}`, (signal) =>
    bodyOf(
      api.GET('/api/workflows/{id}/runs/{runId}/agent-runs/{agentRunId}/logs', { params: { path, query }, signal }),
    ),
  );
  if (data.length === 0) return null;
  const last = data.slice(-LINES_SHOWN).map(({ text }) => text);
  return (
    <pre tabIndex={0} role="region" aria-label={`The last lines of ${row.nodeId}`}>
      {last.join('\n')}
    </pre>
  );
}
