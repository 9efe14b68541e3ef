/** What every agent of this repository is made with. An agent is a schema in, a schema out, and the work between. */
export { defineAgent, type Agent, type AgentDefinition, type Invocation } from './define-agent.ts';
export type { AgentContext, RunIdentity } from './context.ts';
export { Failed, Unretryable } from './failure.ts';
export type { Log } from './log.ts';
export { isInside, resolveWorkspace } from './workspace.ts';
