import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Time } from '../../components/time.tsx';
import { useRefusal } from '../../session/session.ts';
import type { FreshToken, Token } from '../../wire.ts';

interface Props {
  readonly tokens: readonly Token[];
  readonly onRotated: (token: FreshToken) => void;
  readonly onRevoked: () => void;
}

export function TokenTable({ tokens, onRotated, onRevoked }: Props) {
  const [asked, ask] = useState<{ readonly what: 'rotate' | 'revoke'; readonly token: Token }>();
  if (tokens.length === 0)
    return (
      <Empty title="No token yet">
        <p>
          Callers on this machine may do everything, others nothing. The first token, an administrator’s, ends that.
        </p>
      </Empty>
    );
  return (
    <>
      <table className="table names" aria-label="Tokens">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Scope</th>
            <th scope="col">Made</th>
            <th scope="col">Used</th>
            <th scope="col">Ends</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onAsk={(what) => ask({ what, token })} />
          ))}
        </tbody>
      </table>
      {asked && (
        <ConfirmDialog
          {...asked}
          onClose={() => ask(undefined)}
          onDone={(fresh) => {
            ask(undefined);
            if (fresh) onRotated(fresh);
            else onRevoked();
          }}
        />
      )}
    </>
  );
}

function TokenRow({ token, onAsk }: { readonly token: Token; readonly onAsk: (what: 'rotate' | 'revoke') => void }) {
  const { name, scope, hint, createdBy, createdAt, lastUsedAt, revokedAt } = token;
  const refused = useRefusal('administrate');
  return (
    <tr>
      <td>
        <span className="wrap-anywhere">{name}</span>
        <p className="muted small mono">{hint}</p>
      </td>
      <td data-label="Scope">{scope}</td>
      <td data-label="Made">
        <Time at={createdAt} />
        {createdBy !== null && <p className="muted small wrap-anywhere">by {createdBy}</p>}
      </td>
      <td data-label="Used">{lastUsedAt === null ? <span className="muted">never</span> : <Time at={lastUsedAt} />}</td>
      <td data-label="Ends">
        <End token={token} />
      </td>
      <td data-label="Change">
        {revokedAt === null && (
          <div className="row tight">
            {(['rotate', 'revoke'] as const).map((what) => (
              <button
                key={what}
                type="button"
                className="button"
                disabled={refused !== undefined}
                title={refused}
                aria-label={`${TEXTS[what].button} ${name}`}
                onClick={() => onAsk(what)}
              >
                {TEXTS[what].button}
              </button>
            ))}
          </div>
        )}
      </td>
    </tr>
  );
}

function End({ token: { expiresAt, revokedAt, revokedBy } }: { readonly token: Token }) {
  if (revokedAt !== null)
    return (
      <>
        revoked <Time at={revokedAt} />
        {revokedBy !== null && <p className="muted small wrap-anywhere">by {revokedBy}</p>}
      </>
    );
  if (expiresAt === null) return <span className="muted">never</span>;
  return Date.parse(expiresAt) <= Date.now() ? <>ended</> : <Time at={expiresAt} />;
}

const TEXTS = {
  rotate: {
    button: 'Rotate',
    doing: 'Rotating',
    meaning: 'It gets a new secret. The old one ends at once, and so do the sessions made with it.',
  },
  revoke: {
    button: 'Revoke',
    doing: 'Revoking',
    meaning: 'It ends at once and for ever, and so do the sessions made with it.',
  },
} as const;

interface ConfirmProps {
  readonly what: 'rotate' | 'revoke';
  readonly token: Token;
  readonly onClose: () => void;
  readonly onDone: (fresh: FreshToken | undefined) => void;
}

function ConfirmDialog({ what, token: { id, name, lastUsedAt }, onClose, onDone }: ConfirmProps) {
  const [error, setError] = useState<Error>();
  const { button, doing, meaning } = TEXTS[what];
  const change = async (): Promise<void> => {
    const params = { path: { id } };
    if (what === 'rotate') onDone(await bodyOf(api.POST('/api/tokens/{id}/rotate', { params, body: {} })));
    else {
      await bodyOf(api.DELETE('/api/tokens/{id}', { params }));
      onDone(undefined);
    }
  };
  return (
    <Dialog title={`${button} ${name}`} onClose={onClose}>
      <div className="stack">
        <p>{meaning}</p>
        <p>
          {lastUsedAt === null ? (
            'It was never used.'
          ) : (
            <>
              It was last used <Time at={lastUsedAt} />.
            </>
          )}
        </p>
        {error && <ProblemNotice error={error} />}
        <div>
          <ActionButton kind={what === 'revoke' ? 'danger' : 'primary'} doing={doing} run={change} onError={setError}>
            {`${button} it`}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  );
}
