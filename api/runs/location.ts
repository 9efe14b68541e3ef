/** The address of a run. */
export function runLocation({ workflowId, runId }: { workflowId: string; runId: string }): string {
  return `/api/workflows/${workflowId}/runs/${runId}`;
}
