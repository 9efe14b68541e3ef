import type { Masker } from './masker.ts';
import { NO_TRACING, type Tracing } from './telemetry/tracing.ts';

export { NO_TRACING, type SpanSettings, type Tracing } from './telemetry/tracing.ts';

/**
 * @param endpoint the base address of a collector, which gets `/v1/traces`; undefined traces nothing
 * @param masker hides secrets in what is sent
 */
export async function createTracing(
  endpoint: string | undefined,
  service: { readonly name: string; readonly instance: string },
  masker: Pick<Masker, 'mask'>,
): Promise<Tracing> {
  if (endpoint === undefined) return NO_TRACING;
  const { createOpenTelemetry } = await import('./telemetry/open-telemetry.ts');
  return createOpenTelemetry(endpoint, service, masker);
}
