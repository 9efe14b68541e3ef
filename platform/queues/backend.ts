import type { FlowProducer, Processor, Queue, QueueOptions, Telemetry, Worker, WorkerOptions } from 'bullmq';

/** Where the jobs live: a Redis, or, where there is none, tables of BullMQ's own in the schema `bullmq` of a Postgres. */
export type QueueSettings =
  | { readonly kind: 'redis'; readonly url: string; readonly prefix?: string }
  | { readonly kind: 'postgres'; readonly databaseUrl: string };

export type QueueExtras = Partial<Omit<QueueOptions, 'connection' | 'prefix' | 'telemetry'>>;
export type WorkerExtras = Partial<Omit<WorkerOptions, 'connection' | 'prefix' | 'telemetry'>>;

export interface BackendOptions {
  /** bullmq-otel's, or another; every queue, flow and worker carries it. */
  telemetry?: Telemetry;
}

/** The one way to queues, flows and workers; callers do not see which server keeps the jobs. */
export interface QueueBackend {
  readonly kind: QueueSettings['kind'];
  readonly settings: QueueSettings;
  /** The queue of this name, one object per name: for adding, reading and removing jobs. */
  queue(name: string, extras?: QueueExtras): Queue;
  /** Starts a worker, unless `autorun: false`. The caller closes it when it stops; `close` closes what is left. */
  worker<Data, Result>(name: string, processor: Processor<Data, Result>, extras?: WorkerExtras): Worker<Data, Result>;
  /** For adding flows. Every node must have an `opts` object, or its trace context is lost. */
  flowProducer(): FlowProducer;
  /** @throws AppError UNAVAILABLE when the server does not answer in time */
  ping(timeoutMs: number): Promise<void>;
  /**
   * Gives the producers a fresh connection: what an add that failed with NOSCRIPT needs (`isMissingScript`), since
   * inside a transaction BullMQ never notices that the server has forgotten its scripts.
   * @throws AppError UNAVAILABLE when the server is not back in time
   */
  reconnectProducer(timeoutMs?: number): Promise<void>;
  /** Closes everything that came from here; what does not end in time is cut off. */
  close(deadlineMs?: number): Promise<void>;
}

/** True when Redis has lost BullMQ's scripts (SCRIPT FLUSH, a restart that the connection survived through a proxy). */
export function isMissingScript(error: unknown): boolean {
  return error instanceof Error && error.message.includes('NOSCRIPT');
}
