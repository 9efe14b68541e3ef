import { useMemo } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { useResource } from '../../live/resource.ts';
import type { Definition, DefinitionNode, Edge, Run } from '../../wire.ts';

interface RunDefinition {
  readonly nodes: readonly DefinitionNode[];
  readonly edges: readonly Edge[];
}

/** The definition that the run is pinned to; of a workflow that was deleted since, the nodes that the run knows. */
export function useRunDefinition({ workflowId, workflowVersion, agentRuns }: Run): RunDefinition {
  const path = { id: workflowId, version: workflowVersion };
  const { data } = useResource(`definition/${workflowId}/${workflowVersion}`, (signal) =>
    bodyOf(api.GET('/api/workflows/{id}/versions/{version}', { params: { path }, signal })),
  );
  const known = agentRuns.filter(({ itemIndex }) => itemIndex === null).map(({ nodeId }) => nodeId);
  const ids = known.join();
  return useMemo(() => {
    if (data) return data.definition as Definition;
    return { nodes: (ids === '' ? [] : ids.split(',')).map((id) => ({ id }) as DefinitionNode), edges: [] };
  }, [data, ids]);
}
