import { useId, useState } from 'react';
import { api, bodyOf } from '../api-client.ts';
import { useRefusal } from '../session/session.ts';
import { ActionButton } from './action-button.tsx';
import { CopyButton } from './copy-button.tsx';
import { ProblemNotice } from './problem-notice.tsx';

/** Makes a link by which one person decides without a login; it is shown this once. */
export function ApprovalLink({ approvalId }: { readonly approvalId: string }) {
  const [madeFor, setMadeFor] = useState('');
  const [url, setUrl] = useState<string>();
  const [error, setError] = useState<Error>();
  const id = useId();
  const mayNot = useRefusal('decide');
  const refused = mayNot ?? (madeFor.trim() === '' ? 'Say who will decide by it' : undefined);
  const make = async (): Promise<void> => {
    setError(undefined);
    const request = { params: { path: { id: approvalId } }, body: { for: madeFor } };
    setUrl((await bodyOf(api.POST('/api/approvals/{id}/links', request))).url);
  };
  return (
    <details>
      <summary>Let somebody without a login decide</summary>
      <div className="row">
        <label htmlFor={id}>Link for</label>
        <input
          id={id}
          className="input"
          value={madeFor}
          onChange={({ target }) => setMadeFor(target.value)}
          autoComplete="off"
        />
        <ActionButton doing="Making" refused={refused} run={make} onError={setError}>
          Make a link
        </ActionButton>
        {url !== undefined && <CopyButton text={url} label="Copy the link" />}
      </div>
      {url !== undefined && <p className="small mono">{url}</p>}
      {error && <ProblemNotice error={error} />}
    </details>
  );
}
