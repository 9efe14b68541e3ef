import { StatusBadge } from '../../components/status.tsx';
import { Duration } from '../../components/time.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { addressWith, Link } from '../../router.tsx';
import type { AgentRun } from '../../wire.ts';

/** The instances of a forEach node, what failed first. */
export function NodeItems({ items }: { readonly items: readonly AgentRun[] }) {
  const rows = [...items].sort((a, b) => rank(a) - rank(b) || (a.itemIndex ?? 0) - (b.itemIndex ?? 0));
  return (
    <VirtualList rows={rows} rowHeight={44} height="56vh" label="Items" rowKey={({ id }) => id}>
      {(row) => (
        <Link to={addressWith({ item: String(row.itemIndex), tab: null })} className="node-line" data-row="">
          <StatusBadge status={row.status} />
          <span className="node-line-name">
            <strong>[{row.itemIndex}]</strong> <span className="muted">{row.error?.message ?? preview(row.item)}</span>
          </span>
          <span className="muted">
            {row.startedAt !== null && <Duration from={row.startedAt} to={row.finishedAt} />}
          </span>
        </Link>
      )}
    </VirtualList>
  );
}

function rank({ status }: AgentRun): number {
  return status === 'FAILED' ? 0 : status === 'RUNNING' ? 1 : 2;
}

function preview(item: unknown): string {
  return JSON.stringify(item).slice(0, 200);
}
