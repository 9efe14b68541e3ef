import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { Await } from '../../components/loading.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useResource } from '../../live/resource.ts';
import { useRefusal } from '../../session/session.ts';
import type { FreshToken } from '../../wire.ts';
import { FreshTokenDialog } from './fresh-token-dialog.tsx';
import { LimitsTable } from './limits-table.tsx';
import { NewTokenForm } from './new-token-form.tsx';
import { TokenTable } from './token-table.tsx';

/** Who may call the service, and how much each project may have. */
export default function TokensPage() {
  const tokens = useResource('tokens', (signal) => bodyOf(api.GET('/api/tokens', { signal })), { everyMs: 5_000 });
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<FreshToken>();
  const refused = useRefusal('administrate');
  const show = (token: FreshToken): void => {
    setMaking(false);
    setFresh(token);
    void tokens.reload();
  };
  return (
    <>
      <PageHead
        title="Tokens"
        actions={
          <button
            type="button"
            className="button primary"
            disabled={refused !== undefined}
            title={refused}
            onClick={() => setMaking(true)}
          >
            Make a token…
          </button>
        }
      >
        <p>Who may call the service besides those of AUTH_TOKENS. A token is shown once, when it is made or rotated.</p>
      </PageHead>
      <div className="stack">
        <section className="card" aria-label="Tokens">
          <Await of={tokens} what="the tokens">
            {(all) => <TokenTable tokens={all} onRotated={show} onRevoked={() => void tokens.reload()} />}
          </Await>
        </section>
        <LimitsTable />
      </div>
      {making && (
        <Dialog title="Make a token" onClose={() => setMaking(false)}>
          <NewTokenForm isFirst={tokens.data?.length === 0} onMade={show} />
        </Dialog>
      )}
      {fresh && <FreshTokenDialog token={fresh} onClose={() => setFresh(undefined)} />}
    </>
  );
}
