import { Registry, type Metric, type OpenMetricsContentType, type RegistryContentType } from 'prom-client';

/** A scrape's answer. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

const OPEN_METRICS_VERSION = '1.0.0';

/** prom-client lets only such a registry have exemplars; `expose` gives the text format from it as well. */
export type MetricsRegistry = Registry<OpenMetricsContentType>;

export function createRegistry(): MetricsRegistry {
  return ofType(Registry.OPENMETRICS_CONTENT_TYPE);
}

/**
 * Renders what a registry holds in the form that the caller prefers: OpenMetrics (which alone has exemplars) for those
 * who ask for it, as Prometheus does when it scrapes, else Prometheus' text format 0.0.4.
 *
 * @param accept the request's Accept header
 */
export async function expose(registry: MetricsRegistry, accept = ''): Promise<Exposition> {
  const { OPENMETRICS_CONTENT_TYPE, PROMETHEUS_CONTENT_TYPE } = Registry;
  const contentType = prefersOpenMetrics(accept) ? OPENMETRICS_CONTENT_TYPE : PROMETHEUS_CONTENT_TYPE;
  return { contentType, text: await viewOf(registry, contentType).metrics() };
}

/** Which of the two an Accept header weighs more; a tie, and what names neither, is the text format. */
export function prefersOpenMetrics(accept: string): boolean {
  const ranges = accept.toLowerCase().split(',').map(readRange);
  const weightOf = (types: readonly string[]): number => {
    const named = types.map((type) => ranges.filter((range) => range.type === type)).find((list) => list.length > 0);
    return Math.max(0, ...(named ?? []).map(({ weight }) => weight));
  };
  return weightOf(['application/openmetrics-text']) > weightOf(['text/plain', 'text/*', '*/*']);
}

/** `text/plain;version=0.0.4;q=0.2`. A version that is not ours weighs nothing. */
function readRange(text: string): { readonly type: string; readonly weight: number } {
  const [type = '', ...pairs] = text.split(';').map((part) => part.trim());
  const parameters = new Map(pairs.map((pair) => pair.split('=') as [string, string | undefined]));
  const version = parameters.get('version');
  const isOurs = type !== 'application/openmetrics-text' || version === undefined || version === OPEN_METRICS_VERSION;
  const weight = Number(parameters.get('q') ?? 1);
  return { type, weight: isOurs && Number.isFinite(weight) ? weight : 0 };
}

/**
 * The same metrics in a registry of another form. prom-client renames counters for ever when it renders OpenMetrics, so
 * it gets objects that inherit from the metrics: the next scrape in the text format has to find `_total` again.
 */
function viewOf<Type extends RegistryContentType>(registry: MetricsRegistry, contentType: Type): Registry<Type> {
  const view = ofType(contentType);
  for (const metric of registry.getMetricsAsArray() as unknown as Metric[]) {
    view.registerMetric(Object.create(metric) as Metric);
  }
  return view;
}

function ofType<Type extends RegistryContentType>(contentType: Type): Registry<Type> {
  const registry = new Registry<Type>();
  registry.setContentType(contentType);
  return registry;
}
