import { useEffect, useMemo, useRef } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { Link, useQuery } from '../../router.tsx';
import { focusSearch } from '../../session/keyboard.ts';
import { BulkActions } from './bulk-actions.tsx';
import { FILTERS, type RunFilter } from './run-filter.ts';
import { RunFilters } from './run-filters.tsx';
import { RunLine } from './run-line.tsx';
import { useRunSearch } from './use-run-search.ts';
import './runs.css';

/** All runs, with a search whose filters are the address: kept as a bookmark, sent as a link. */
export default function RunsPage() {
  const query = useQuery();
  const filter = useMemo(() => readFilter(query), [query]);
  const search = useRunSearch(filter);
  const wantsFocus = useRef(query.get('focus') === 'search');
  useEffect(() => {
    if (wantsFocus.current) focusSearch();
  }, []);
  return (
    <>
      <PageHead title="Runs" actions={<BulkActions filter={filter} />}>
        <p>Every run of every workflow. The filters stand in the address: keep or send it.</p>
      </PageHead>
      <section className="card" aria-label="Runs">
        <RunFilters filter={filter} />
        {search.error && search.error.name !== 'NoConnection' && <ProblemNotice error={search.error} />}
        {search.rows === undefined ? (
          !search.error && <Loading what="the runs" since={search.waitingSince} />
        ) : search.rows.length === 0 ? (
          <NoRuns filtered={Object.keys(filter).length > 0} />
        ) : (
          <>
            <VirtualList
              rows={search.rows}
              rowHeight={58}
              height="calc(100vh - 300px)"
              label="Runs"
              rowKey={({ id }) => id}
              onEnd={search.more}
            >
              {(run) => <RunLine run={run} />}
            </VirtualList>
            <p className="card-body muted small" role="status">
              {search.rows.length.toLocaleString('en')} runs{search.complete ? '' : ' so far: scroll for more'}
            </p>
          </>
        )}
      </section>
    </>
  );
}

function readFilter(query: URLSearchParams): RunFilter {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
}

function NoRuns({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No run fits">
        <p>
          Take a filter away, or <Link to="/runs">look at all runs</Link>.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing has run yet">
      <p>
        Choose a workflow and press “Run…”: <Link to="/workflows">workflows</Link>.
      </p>
    </Empty>
  );
}
