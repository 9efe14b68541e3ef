import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import type { AgentRun, Run } from '../../wire.ts';

interface Props {
  readonly run: Run;
  readonly row: AgentRun;
  readonly refused: string | undefined;
  readonly onMarked: () => void;
  readonly onError: (error: Error) => void;
}

type Mark = { readonly status: 'SKIPPED' } | { readonly status: 'SUCCESS'; readonly output: unknown };

/** For an open node that should not be waited for: skip it, or give it the output that later nodes need. */
export function MarkActions({ run, row, refused, onMarked, onError }: Props) {
  const [giving, setGiving] = useState(false);
  const mark = async (given: Mark): Promise<void> => {
    const path = { id: run.workflowId, runId: run.id, nodeId: row.nodeId };
    const body = row.itemIndex === null ? given : { ...given, itemIndex: row.itemIndex };
    await bodyOf(api.POST('/api/workflows/{id}/runs/{runId}/nodes/{nodeId}/mark', { params: { path }, body }));
    onMarked();
  };
  return (
    <>
      <ActionButton doing="Skipping" refused={refused} run={() => mark({ status: 'SKIPPED' })} onError={onError}>
        Skip
      </ActionButton>
      <button
        type="button"
        className="button"
        disabled={refused !== undefined}
        title={refused}
        onClick={() => setGiving(true)}
      >
        Mark as done…
      </button>
      {giving && (
        <Dialog title={`Give ${row.nodeId} an output`} onClose={() => setGiving(false)}>
          <OutputForm
            onGive={async (output) => {
              await mark({ status: 'SUCCESS', output });
              setGiving(false);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function OutputForm({ onGive }: { readonly onGive: (output: unknown) => Promise<void> }) {
  const [text, setText] = useState('null');
  const [error, setError] = useState<Error>();
  return (
    <form className="stack" onSubmit={(event) => event.preventDefault()}>
      <p>What runs for it is stopped, and the run goes on as if it had given this.</p>
      <label className="field">
        <span className="label">Output, JSON: what later nodes read</span>
        <textarea
          className="input"
          rows={6}
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      {error && <ProblemNotice error={error} />}
      <div>
        <ActionButton
          kind="primary"
          doing="Marking"
          run={async () => onGive(JSON.parse(text) as unknown)}
          onError={setError}
        >
          Mark as done
        </ActionButton>
      </div>
    </form>
  );
}
