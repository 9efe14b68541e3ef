import type { Api } from '../api.ts';

/** Lets workers know, sooner than they would find it, that a workflow is new, another one, paused, resumed or gone. */
export function tellOfChange({ hints }: Pick<Api, 'hints'>, workflowId: string): void {
  hints.publish('workflow', { workflowId });
}
