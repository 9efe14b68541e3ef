import { formatDuration } from '../../time/format.ts';
import type { CancelReceipt } from '../../wire.ts';

const HOW = { 'not started': 'had not started', stopped: 'stopped', stopping: 'is still stopping' } as const;

/** What a cancel stopped, how, and how long that took. */
export function Receipt({ receipt: { status, stopped, children, ms } }: { readonly receipt: CancelReceipt }) {
  return (
    <div className="stack tight">
      <p>
        The run is {status}. It took {formatDuration(ms)}
        {children.length > 0 && `; ${children.length} runs of sub-workflows were cancelled with it`}.
      </p>
      {stopped.length > 0 && (
        <dl className="facts">
          {stopped.map(({ nodeId, itemIndex, how, ms: took }) => (
            <div key={`${nodeId} ${itemIndex ?? ''}`} className="facts-line">
              <dt>
                {nodeId}
                {itemIndex !== null && ` [${itemIndex}]`}
              </dt>
              <dd>
                {HOW[how]}
                {how === 'stopped' && ` within ${formatDuration(took)}`}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
