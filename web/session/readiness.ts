import { api } from '../api-client.ts';
import type { components } from '../../clients/typescript/api.generated.ts';
import { useResource, type Resource } from '../live/resource.ts';

export type Readiness = components['schemas']['Readiness'];

/** What the service says of its parts. */
export function useReadiness(): Resource<Readiness> {
  return useResource('readiness', readReadiness, { everyMs: 5_000 });
}

/** 503 carries the same body. */
async function readReadiness(signal: AbortSignal): Promise<Readiness> {
  const { data, error } = await api.GET('/health/ready', { signal });
  return data ?? (error as Readiness);
}
