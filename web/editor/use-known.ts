import { useMemo } from 'react';
import { api, bodyOf } from '../api-client.ts';
import { useResource } from '../live/resource.ts';
import type { Schema } from './schema.ts';
import type { Known } from './suggestions.ts';

const MOST_NAMES = 500;

/** The schema of a definition and the names that it may use, for completion. */
export function useKnown(): Known | undefined {
  const query = { limit: MOST_NAMES };
  const { data: schema } = useResource('definition-schema', (signal) =>
    bodyOf(api.GET('/api/schemas/workflow.json', { signal })),
  );
  const { data: agents } = useResource('agents', (signal) =>
    bodyOf(api.GET('/api/agents', { params: { query }, signal })),
  );
  const { data: workflows } = useResource('workflows', (signal) =>
    bodyOf(api.GET('/api/workflows', { params: { query }, signal })),
  );
  return useMemo(
    () =>
      schema === undefined
        ? undefined
        : {
            schema: schema as unknown as Schema,
            agents: new Map(agents?.map(({ name, inputSchema }) => [name, inputSchema])),
            workflows: workflows?.map(({ name }) => name) ?? [],
          },
    [schema, agents, workflows],
  );
}
