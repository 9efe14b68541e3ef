import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useRefusal } from '../../session/session.ts';
import type { DoctorRepair } from '../../wire.ts';

interface Props {
  /** How many nodes are not in order. */
  readonly ill: number;
  readonly onRepaired: () => void;
}

export function RepairButton({ ill, onRepaired }: Props) {
  const [error, setError] = useState<Error>();
  const [done, setDone] = useState<readonly DoctorRepair[]>();
  const repair = async (): Promise<void> => {
    setDone(await bodyOf(api.POST('/api/doctor/repair', { body: {} })));
    onRepaired();
  };
  return (
    <>
      <ActionButton
        kind={ill > 0 ? 'primary' : undefined}
        doing="Repairing"
        refused={useRefusal('operate')}
        run={repair}
        onError={setError}
      >
        Repair now
      </ActionButton>
      {error && (
        <Dialog title="This could not be done" onClose={() => setError(undefined)}>
          <ProblemNotice error={error} />
        </Dialog>
      )}
      {done && (
        <Dialog title="What was repaired" onClose={() => setDone(undefined)}>
          <Repairs done={done} />
        </Dialog>
      )}
    </>
  );
}

function Repairs({ done }: { readonly done: readonly DoctorRepair[] }) {
  if (done.length === 0) return <p>Nothing had to be: Postgres, the queues and the workers agree.</p>;
  return (
    <ul className="stack tight">
      {done.map(({ agentRunId, kind, repair }) => (
        <li key={agentRunId}>
          <code>{kind}</code> It {repair}.
        </li>
      ))}
    </ul>
  );
}
