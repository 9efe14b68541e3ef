import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useRefusal } from '../../session/session.ts';
import { BulkOutcome } from './bulk-outcome.tsx';
import { asQuery, type RunFilter } from './run-filter.ts';

type Action = 'cancel' | 'retry';
type Outcome = Awaited<ReturnType<typeof change>>;

const WORDS = {
  cancel: { button: 'Cancel all…', title: 'Cancel every open run that fits', doing: 'Cancelling', go: 'Cancel them' },
  retry: { button: 'Retry all…', title: 'Retry every failed run that fits', doing: 'Retrying', go: 'Retry them' },
} as const;
/** What each action can be done to. */
const STATUSES: Readonly<Record<Action, readonly string[]>> = {
  cancel: ['PENDING', 'RUNNING', 'WAITING_APPROVAL', 'PAUSED'],
  retry: ['FAILED', 'CANCELLED'],
};

/** Cancels or retries all runs that the filter finds, after it has said which. */
export function BulkActions({ filter }: { readonly filter: RunFilter }) {
  const [asking, ask] = useState<Action>();
  const refused = useRefusal('operate');
  return (
    <>
      {(['retry', 'cancel'] as const).map((action) => {
        const notHere =
          statusesOf(action, filter).length === 0 ? 'No status of the filter can be changed so.' : undefined;
        return (
          <button
            key={action}
            type="button"
            className="button"
            disabled={(refused ?? notHere) !== undefined}
            title={refused ?? notHere}
            onClick={() => ask(action)}
          >
            {WORDS[action].button}
          </button>
        );
      })}
      {asking && <BulkDialog action={asking} filter={filter} onClose={() => ask(undefined)} />}
    </>
  );
}

interface DialogProps {
  readonly action: Action;
  readonly filter: RunFilter;
  readonly onClose: () => void;
}

function BulkDialog({ action, filter, onClose }: DialogProps) {
  const [error, setError] = useState<Error>();
  const [outcome, setOutcome] = useState<Outcome>();
  const { title, doing, go } = WORDS[action];
  const others = Object.entries(filter).filter(([name]) => name !== 'status');
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">
        <dl className="facts">
          <dt>Status</dt>
          <dd>{statusesOf(action, filter).join(', ')}</dd>
          {others.map(([name, value]) => (
            <FilterFact key={name} name={name} value={value} />
          ))}
        </dl>
        {others.length === 0 && <p>No other filter is set: this means the runs of every workflow.</p>}
        {outcome && <BulkOutcome action={action} outcome={outcome} />}
        {error && <ProblemNotice error={error} />}
        {(outcome === undefined || outcome.more) && (
          <div>
            <ActionButton
              kind={action === 'cancel' ? 'danger' : 'primary'}
              doing={doing}
              run={async () => setOutcome(await change(action, filter))}
              onError={setError}
            >
              {outcome ? `${go}: the next` : go}
            </ActionButton>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function FilterFact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** The statuses that can be changed so and are asked for; all of them where none is chosen. */
function statusesOf(action: Action, { status }: RunFilter): readonly string[] {
  const chosen = status?.split(',');
  return STATUSES[action].filter((one) => chosen === undefined || chosen.includes(one));
}

function change(action: Action, filter: RunFilter) {
  const body = { action, filter: { ...asQuery(filter), status: statusesOf(action, filter).join(',') } };
  return bodyOf(api.POST('/api/runs/bulk', { body }));
}
