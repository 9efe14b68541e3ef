import { Changes } from '../../components/changes.tsx';
import { StatusBadge } from '../../components/status.tsx';
import { formatDuration } from '../../time/format.ts';
import type { AgentRun, Run } from '../../wire.ts';
import { diffJson } from './json-diff.ts';

interface Pair {
  readonly nodeId: string;
  readonly here: AgentRun | undefined;
  readonly there: AgentRun | undefined;
}

export function Comparison({ run, other }: { readonly run: Run; readonly other: Run }) {
  const pairs = pairNodes(run, other);
  return (
    <>
      <section className="stack tight">
        <h2>Input of the run</h2>
        <Changes changes={diffJson(other.input, run.input)} none="The same." />
      </section>
      <table className="table" aria-label="Nodes of both runs">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">{other.id.slice(0, 8)}</th>
            <th scope="col">This run</th>
            <th scope="col">Differences</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <PairRow key={pair.nodeId} pair={pair} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function PairRow({ pair: { nodeId, here, there } }: { readonly pair: Pair }) {
  const input = diffJson(there?.input ?? null, here?.input ?? null);
  const output = diffJson(there?.output ?? null, here?.output ?? null);
  return (
    <tr>
      <td>{nodeId}</td>
      <td data-label="Other run">
        <Outcome row={there} />
      </td>
      <td data-label="This run">
        <Outcome row={here} />
      </td>
      <td data-label="Differences">
        {input.length + output.length === 0 ? (
          <span className="muted">none</span>
        ) : (
          <details>
            <summary>
              {input.length} in the input, {output.length} in the output
            </summary>
            <Changes changes={input} none="Input: the same." />
            <Changes changes={output} none="Output: the same." />
          </details>
        )}
      </td>
    </tr>
  );
}

function Outcome({ row }: { readonly row: AgentRun | undefined }) {
  if (!row) return <span className="muted">not there</span>;
  return (
    <span className="row tight">
      <StatusBadge status={row.status} />
      <span className="muted">{row.durationMs !== null && formatDuration(row.durationMs)}</span>
    </span>
  );
}

function pairNodes(run: Run, other: Run): Pair[] {
  const here = new Map(ownRows(run).map((row) => [row.nodeId, row]));
  const there = new Map(ownRows(other).map((row) => [row.nodeId, row]));
  return [...new Set([...here.keys(), ...there.keys()])].map((nodeId) => ({
    nodeId,
    here: here.get(nodeId),
    there: there.get(nodeId),
  }));
}

function ownRows({ agentRuns }: Run): AgentRun[] {
  return agentRuns.filter(({ itemIndex }) => itemIndex === null);
}
