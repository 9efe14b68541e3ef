import { useState } from 'react';
import { reach } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useSession } from '../../session/session.ts';
import type { FreshToken } from '../../wire.ts';

/** The one time that a token is shown; nothing keeps it when the dialog is closed. */
export function FreshTokenDialog({ token, onClose }: { readonly token: FreshToken; readonly onClose: () => void }) {
  const session = useSession();
  const [error, setError] = useState<Error>();
  const needsLogin = session !== undefined && session.via !== 'session' && token.scope === 'admin';
  return (
    <Dialog title={`The token ${token.name}`} onClose={onClose}>
      <div className="stack">
        <p>Copy it now: it is not shown again. We keep its hash only.</p>
        <CodeBlock label={`The token ${token.name}`} text={token.token} />
        {needsLogin && (
          <>
            <p>From now on the service asks for a token, here too.</p>
            <div>
              <ActionButton kind="primary" doing="Logging in" run={() => logIn(token.token)} onError={setError}>
                Log in with it
              </ActionButton>
            </div>
          </>
        )}
        {error && <ProblemNotice error={error} />}
      </div>
    </Dialog>
  );
}

async function logIn(token: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const { ok } = await reach('/login', { method: 'POST', headers, body: JSON.stringify({ token }) });
  if (!ok) throw new Error('The service did not take the token: load the page and log in there.');
  location.reload();
}
