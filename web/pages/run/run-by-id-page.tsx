import { useEffect } from 'react';
import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useResource } from '../../live/resource.ts';
import { navigate } from '../../router.tsx';
import type { PageParams } from '../../page-params.ts';
import type { RunSummary } from '../../wire.ts';

/** For links that know a run by its id alone, as Bull Board's: finds its workflow and goes on. */
export default function RunByIdPage({ params: { run = '' } }: { readonly params: PageParams }) {
  const found = useResource(`run-by-id/${run}`, (signal) =>
    bodyOf(api.GET('/api/runs', { params: { query: { q: run, limit: 1 } }, signal })),
  );
  return (
    <Await of={found} what="the run">
      {([first]) =>
        first ? (
          <GoOn run={first} />
        ) : (
          <PageHead title="There is no such run">It may have been deleted by age (RETENTION_DAYS).</PageHead>
        )
      }
    </Await>
  );
}

function GoOn({ run }: { readonly run: RunSummary }) {
  useEffect(() => navigate(addressOf.run(run.workflowName, run.id) + location.search, { replace: true }), [run]);
  return null;
}
