import { api, bodyOf } from '../api-client.ts';
import { useResource, type Resource } from '../live/resource.ts';
import type { Overview } from '../wire.ts';

/** The service at a glance: asked for by the navigation on every page, and by the first page. */
export function useOverview(): Resource<Overview> {
  return useResource('overview', (signal) => bodyOf(api.GET('/api/overview', { signal })), { everyMs: 2_000 });
}
