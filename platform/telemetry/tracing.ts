import type { Telemetry as QueueTelemetry } from 'bullmq';

export interface SpanSettings {
  readonly kind?: 'server' | 'client' | 'internal';
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** W3C trace context of the caller, where it came from outside. */
  readonly traceparent?: string;
  /** Only as a part of something that is traced already: what a process does by itself would make a trace each. */
  readonly onlyInside?: boolean;
}

/** The part of a span that work may add to. */
export interface TracedWork {
  rename(name: string): void;
  set(name: string, value: string | number): void;
}

/** Spans around what the service does, and where in a trace the caller is. */
export interface Tracing {
  /** Runs `work` in a span, which ends with it; an error is noted in it and thrown on. */
  span<T>(name: string, settings: SpanSettings, work: (span: TracedWork) => Promise<T>): Promise<T>;
  /** W3C trace context of the span under way: `00-<trace>-<span>-<flags>`. */
  traceparent(): string | undefined;
  traceId(): string | undefined;
  /** Like `traceId`, where the trace is sampled: somebody who follows it finds it. */
  recordedTraceId(): string | undefined;
  /** For the queues, whose jobs carry the trace from process to process. */
  readonly queues?: QueueTelemetry;
  /** Sends what is left. */
  stop(): Promise<void>;
}

const IGNORED: TracedWork = { rename: () => undefined, set: () => undefined };

/** What everything gets while no OTLP endpoint is configured; nothing of OpenTelemetry is loaded then (100 ms). */
export const NO_TRACING: Tracing = {
  span: (_, __, work) => work(IGNORED),
  traceparent: () => undefined,
  traceId: () => undefined,
  recordedTraceId: () => undefined,
  stop: () => Promise.resolve(),
};
