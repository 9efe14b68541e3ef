import type { AgentReference } from '../executors/executor.ts';
import type { AgentSchemas } from './read-schemas.ts';

/** Everything that the engine knows of an agent, ready to be registered and to be started here. */
export interface AgentDescription extends AgentReference, AgentSchemas {
  readonly description: string;
  readonly riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
  /** Patterns of its schemas that only the agent itself checks, with the reason: the engine cannot read them. */
  readonly unchecked: readonly string[];
  /** Of all sources: the same digest is the same agent. */
  readonly digest: string;
}
