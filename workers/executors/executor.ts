import type { ErrorCode } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';

/** What an agent's `package.json` says under `commandcenter`, with the defaults filled in. */
export interface AgentManifest {
  readonly riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
  /** False: the agent must not reach the network (enforced where the system allows it). */
  readonly network: boolean;
  /** What the agent may do to the folders it is pointed at. */
  readonly workspace: 'read' | 'write' | 'none';
  /** Names of top-level input fields that hold such folders, `repositoryPath` always among them. */
  readonly workspaceFields: readonly string[];
  /** Names of the secrets that it wants in its environment. */
  readonly secrets: readonly string[];
  readonly pool?: string;
  readonly timeoutSeconds?: number;
  /** How many of its attempts run at once, over all workers and workflows. */
  readonly maxConcurrent?: number;
}

/** A registered agent as this worker can start it. `entry` is absolute: a compiled module or any executable program. */
export interface AgentReference {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
  readonly entry: string;
  /** A pre-built image, for executors that run containers. */
  readonly image?: string;
  readonly manifest: AgentManifest;
}

export interface LogLine {
  readonly at: Date;
  readonly stream: 'stderr';
  readonly text: string;
}

/** `fraction` is between 0 and 1. */
export interface Progress {
  readonly fraction: number;
  readonly message?: string;
}

/** One attempt at one node. */
export interface ExecutionRequest {
  readonly agent: AgentReference;
  readonly input: Json;
  readonly runId: string;
  readonly nodeId: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly traceparent?: string;
  /** `<runId>.<agentRunId>.<token>`: what orphans are recognised by; made from run, node and attempt where missing. */
  readonly label?: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly maxOutputBytes: number;
  /** Environment variable → value. Masked wherever the agent prints one. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Further absolute folders that the agent needs, beside those that its input names. */
  readonly workspaces?: readonly string[];
  /** Aborting it is a cancel. */
  readonly signal: AbortSignal;
  onLog(this: void, line: LogLine): void;
  onProgress?(this: void, progress: Progress): void;
}

export interface ExecutionSuccess {
  readonly ok: true;
  readonly output: Json;
  readonly exitCode: 0;
  readonly durationMs: number;
}

export interface ExecutionFailure {
  readonly ok: false;
  readonly code: ErrorCode;
  /** What happened, where, and what to do; begins with what the agent printed where that tells more. */
  readonly message: string;
  readonly retryable: boolean;
  /** Null when the agent never ran or was killed. */
  readonly exitCode: number | null;
  readonly signal?: string;
  readonly durationMs: number;
}

export type ExecutionResult = ExecutionSuccess | ExecutionFailure;

export type ExecutorHealth = { readonly ok: true } | { readonly ok: false; readonly error: string };

/** Runs agents. Every implementation passes the one suite in test/conformance. */
export interface Executor {
  readonly name: string;
  /** Never rejects for what an agent or its engine does: each way to break is an `ExecutionFailure`. */
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
  health(timeoutMs: number): Promise<ExecutorHealth>;
  start(): Promise<void>;
  /** Starts what makes the first runs of these agents fast, within bounds; nobody has to wait for it. Never rejects. */
  warmUp?(agents: readonly AgentReference[], memoryMb: number): Promise<void>;
  /** Refuses new work, waits for what runs until the deadline, then kills it. */
  stop(deadlineMs: number): Promise<void>;
}
