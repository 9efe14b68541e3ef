import { api, bodyOf } from '../api-client.ts';
import { useResource, type Resource } from '../live/resource.ts';
import type { TriggerState } from '../wire.ts';

/** What starts runs besides people, with next times and last decisions: of one workflow, or of all. */
export function useTriggers(workflow?: string): Resource<TriggerState[]> {
  const query = workflow === undefined ? {} : { workflow };
  return useResource(
    `triggers/${workflow ?? ''}`,
    (signal) => bodyOf(api.GET('/api/triggers', { params: { query }, signal })),
    { everyMs: 10_000 },
  );
}

/** The next time of a schedule among the triggers. */
export function nextTimeOf(triggers: readonly TriggerState[]): string | undefined {
  return triggers.flatMap(({ nextTimes }) => nextTimes.slice(0, 1)).sort((a, b) => a.localeCompare(b))[0];
}
