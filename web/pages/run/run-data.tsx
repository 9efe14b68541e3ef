import { JsonView } from '../../components/json-view.tsx';
import type { Run } from '../../wire.ts';

export function RunData({ run }: { readonly run: Run }) {
  return (
    <div className="card-body stack">
      <section className="stack tight">
        <h2>Input</h2>
        <JsonView value={run.input} label="Input of the run" />
      </section>
      <section className="stack tight">
        <h2>Output</h2>
        {run.finishedAt === null ? (
          <p className="muted">It comes when the run has ended.</p>
        ) : (
          <JsonView value={run.output} label="Output of the run" />
        )}
      </section>
      <section className="stack tight">
        <h2>Trigger</h2>
        <JsonView value={run.trigger} label="Trigger of the run" />
      </section>
    </div>
  );
}
