import type { Client } from '../client.ts';
import { CliError } from '../exit-codes.ts';
import type { WorkflowWire } from '../wire.ts';

export interface Stored {
  readonly workflow: WorkflowWire;
  readonly change: 'created' | 'updated' | 'unchanged';
}

/**
 * Creates a workflow, or makes the next version of the one with this name.
 * @throws CliError with every problem of the definition
 */
export async function storeDefinition(client: Client, definition: unknown): Promise<Stored> {
  try {
    return { workflow: await client.post<WorkflowWire>('/api/workflows', { body: definition }), change: 'created' };
  } catch (error) {
    if (!(error instanceof CliError && error.status === 409)) throw error;
  }
  const { name } = definition as { name: string };
  const before = await client.get<WorkflowWire>(`/api/workflows/${name}`);
  const workflow = await client.put<WorkflowWire>(`/api/workflows/${name}`, { body: definition });
  return { workflow, change: workflow.version === before.version ? 'unchanged' : 'updated' };
}
