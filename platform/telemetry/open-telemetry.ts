import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, ParentBasedSampler } from '@opentelemetry/sdk-trace-node';
import { BullMQOtel } from 'bullmq-otel';
import type { Masker } from '../masker.ts';
import { maskSpans } from './mask-spans.ts';
import { NO_TRACING, type SpanSettings, type TracedWork, type Tracing } from './tracing.ts';
import { rootSampler } from './root-sampler.ts';

const NAME = 'commandcenter';
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** Sends spans by OTLP over HTTP. OpenTelemetry's globals are the process's own: one at a time. */
export function createOpenTelemetry(
  endpoint: string,
  service: { name: string; instance: string },
  masker: Pick<Masker, 'mask'>,
): Tracing {
  const exporter = maskSpans(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }), masker);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service.name, 'service.instance.id': service.instance }),
    sampler: new ParentBasedSampler({ root: rootSampler }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1000 })],
  });
  provider.register();
  const tracer = provider.getTracer(NAME);

  return {
    queues: new BullMQOtel({ tracerName: NAME }),
    span(name, settings, work) {
      const parent = parentOf(settings);
      if (settings.onlyInside === true && trace.getSpan(parent) === undefined)
        return NO_TRACING.span(name, settings, work);
      const { kind = 'internal', attributes = {} } = settings;
      return tracer.startActiveSpan(name, { kind: KINDS[kind], attributes }, parent, (span) => runIn(span, work));
    },
    traceparent() {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent;
    },
    traceId: () => trace.getSpanContext(context.active())?.traceId,
    recordedTraceId() {
      const span = trace.getSpanContext(context.active());
      return span && (span.traceFlags & TraceFlags.SAMPLED) !== 0 ? span.traceId : undefined;
    },
    async stop() {
      await provider.shutdown().catch(() => undefined);
      for (const part of [trace, context, propagation]) part.disable();
    },
  };
}

function parentOf({ traceparent }: SpanSettings): Context {
  return traceparent === undefined ? context.active() : propagation.extract(context.active(), { traceparent });
}

async function runIn<T>(span: Span, work: (span: TracedWork) => Promise<T>): Promise<T> {
  try {
    return await work({
      rename: (name) => span.updateName(name),
      set: (name, value) => span.setAttribute(name, value),
    });
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.recordException(error instanceof Error ? error : String(error));
    throw error;
  } finally {
    span.end();
  }
}
