import { addressOf } from '../../addresses.ts';
import { JsonView } from '../../components/json-view.tsx';
import { Link, setQuery } from '../../router.tsx';
import type { DefinitionNode } from '../../wire.ts';

/** What the definition says of one node. */
export function NodeDefinition({ node }: { readonly node: DefinitionNode }) {
  const { id, ...rest } = node;
  return (
    <aside className="node-definition stack tight" aria-label={`Node ${id}`}>
      <div className="row apart">
        <h2 className="wrap-anywhere">{id}</h2>
        <button type="button" className="button" onClick={() => setQuery({ node: null })}>
          Close
        </button>
      </div>
      {node.agent !== undefined && (
        <p>
          Agent <Link to={addressOf.agent(node.agent)}>{node.agent}</Link>
        </p>
      )}
      {node.workflow !== undefined && (
        <p>
          Workflow <Link to={addressOf.workflow(node.workflow)}>{node.workflow}</Link>
        </p>
      )}
      <JsonView value={rest} label={`Definition of ${id}`} />
    </aside>
  );
}
