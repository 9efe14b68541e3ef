import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Masker } from '../masker.ts';

/** An exporter that hides secrets in names, attributes and errors: libraries write spans of their own. */
export function maskSpans(exporter: SpanExporter, masker: Pick<Masker, 'mask'>): SpanExporter {
  return {
    export: (spans, done) => {
      exporter.export(
        spans.map((span) => masked(span, masker)),
        done,
      );
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}

function masked(span: ReadableSpan, masker: Pick<Masker, 'mask'>): ReadableSpan {
  const hidden = {
    name: masker.mask(span.name),
    attributes: maskAttributes(span.attributes, masker),
    events: span.events.map((event) => ({ ...event, attributes: maskAttributes(event.attributes ?? {}, masker) })),
    status: { ...span.status, ...(span.status.message && { message: masker.mask(span.status.message) }) },
  };
  return Object.create(span, Object.getOwnPropertyDescriptors(hidden)) as ReadableSpan;
}

function maskAttributes(attributes: Attributes, masker: Pick<Masker, 'mask'>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? masker.mask(value) : value]),
  );
}
