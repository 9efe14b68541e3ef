import { JsonView } from '../../components/json-view.tsx';
import { StatusIcon, type AnyStatus } from '../../components/status.tsx';

export interface DryNode {
  readonly nodeId: string;
  readonly outcome: 'SUPPLIED' | 'WOULD_RUN' | 'WOULD_WAIT' | 'COMPUTED' | 'SKIPPED' | 'FAILED';
  readonly reason?: string;
  readonly input?: unknown;
  readonly items?: number;
  readonly output?: unknown;
}

const LOOKS: Readonly<Record<DryNode['outcome'], readonly [AnyStatus, string]>> = {
  SUPPLIED: ['SUCCESS', 'output as given'],
  WOULD_RUN: ['RUNNING', 'would run'],
  WOULD_WAIT: ['WAITING_APPROVAL', 'would wait'],
  COMPUTED: ['SUCCESS', 'computed'],
  SKIPPED: ['SKIPPED', 'would be skipped'],
  FAILED: ['FAILED', 'would fail'],
};

export function DryRunTable({ nodes }: { readonly nodes: readonly DryNode[] }) {
  return (
    <table className="table names" aria-label="What each node would do">
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">Outcome</th>
          <th scope="col">With</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <DryRunRow key={node.nodeId} node={node} />
        ))}
      </tbody>
    </table>
  );
}

function DryRunRow({ node: { nodeId, outcome, reason, items, input, output } }: { readonly node: DryNode }) {
  const [status, words] = LOOKS[outcome];
  return (
    <tr>
      <td>{nodeId}</td>
      <td data-label="Outcome" data-status={status}>
        <span className="nowrap">
          <StatusIcon status={status} /> {words}
        </span>
        {items !== undefined && <p className="small">{items} items</p>}
        {reason !== undefined && <p className="small wrap-anywhere">{reason}</p>}
      </td>
      <td data-label="With" className="dry-run-data">
        {input !== undefined && <JsonDetails name="Input" value={input} nodeId={nodeId} />}
        {output !== undefined && <JsonDetails name="Output" value={output} nodeId={nodeId} />}
      </td>
    </tr>
  );
}

function JsonDetails({
  name,
  value,
  nodeId,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly nodeId: string;
}) {
  return (
    <details>
      <summary>{name}</summary>
      <JsonView value={value} label={`${name} of ${nodeId}`} />
    </details>
  );
}
