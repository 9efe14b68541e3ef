import { isTerminal } from '../../../contracts/statuses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { ApprovalCard } from '../../components/approval-card.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import type { Run } from '../../wire.ts';
import { FailureCallout } from './failure-callout.tsx';
import { Why } from './why.tsx';

interface Props {
  readonly run: Run;
  readonly onChanged: () => void;
}

/** The first thing that a reader needs: why it failed, whom it waits for, why nothing happens. */
export function RunCallout({ run, onChanged }: Props) {
  if (run.status === 'FAILED') return <FailureCallout run={run} />;
  if (run.status === 'CANCELLED') return <Cancelled run={run} />;
  if (isTerminal(run.status)) return null;
  if (run.cancelRequestedAt !== null) return <Cancelling run={run} />;
  if (run.status === 'PAUSED') return <Paused run={run} />;
  if (run.agentRuns.some(({ status }) => status === 'WAITING_APPROVAL'))
    return <Approvals run={run} onChanged={onChanged} />;
  return <Idle run={run} />;
}

function Cancelled({ run }: Pick<Props, 'run'>) {
  return (
    <div className="notice">
      <p>
        Cancelled
        {run.cancelRequestedBy !== null && ` by ${run.cancelRequestedBy}`}
        {run.cancelRequestedAt !== null && (
          <>
            {' '}
            <Time at={run.cancelRequestedAt} />
          </>
        )}
        . “Retry from failure” goes on with what had not ended; results that are there are taken over.
      </p>
    </div>
  );
}

function Cancelling({ run }: Pick<Props, 'run'>) {
  const open = run.agentRuns.filter(({ status }) => !isTerminal(status));
  return (
    <div className="notice amber" role="status">
      <strong>Being cancelled{run.cancelRequestedBy !== null && ` by ${run.cancelRequestedBy}`}</strong>
      <p>Not ended yet: {open.map(({ nodeId }) => nodeId).join(', ')}. Nodes marked “finally” still run.</p>
    </div>
  );
}

function Paused({ run }: Pick<Props, 'run'>) {
  return (
    <div className="notice amber" role="status">
      <strong>Paused{run.pausedBy !== null && ` by ${run.pausedBy}`}</strong>
      <p>
        {run.pausedAt !== null && <Time at={run.pausedAt} />} What ran then finishes, nothing new starts. “Resume” goes
        on.
      </p>
    </div>
  );
}

function Approvals({ run, onChanged }: Props) {
  const query = { status: 'PENDING', workflowRunId: run.id } as const;
  const { data, reload } = useResource(
    `approvals/${run.id}`,
    (signal) => bodyOf(api.GET('/api/approvals', { params: { query }, signal })),
    { everyMs: 2_000 },
  );
  const decided = (): void => {
    void reload();
    onChanged();
  };
  return data?.map((approval) => (
    <ApprovalCard key={approval.id} approval={approval} withPlace={false} onDecided={decided} />
  ));
}

/** Nothing runs: the first node that could, and what holds it back. */
function Idle({ run }: Pick<Props, 'run'>) {
  const open = run.agentRuns.filter(({ status }) => !isTerminal(status));
  const first = open.find(({ readyAt }) => readyAt !== null) ?? open[0];
  if (!first || open.some(({ status, waitingFor }) => status === 'RUNNING' && waitingFor === null)) return null;
  return <Why run={run} row={first} />;
}
