import { Histogram, type HistogramConfiguration, type LabelValues } from 'prom-client';

/** The label of an exemplar: what Grafana's data source looks for (ops/grafana/provisioning/datasources). */
const EXEMPLAR_LABEL = 'trace_id';

/** The trace that is under way and will be kept; undefined where there is none. */
export type RecordedTraceId = () => string | undefined;

/** A histogram of seconds whose buckets each remember the last trace that fell into them, as an exemplar. */
export class Durations<Label extends string = string> extends Histogram<Label> {
  readonly #traceId: RecordedTraceId;

  constructor(configuration: HistogramConfiguration<Label>, traceId: RecordedTraceId) {
    super({ ...configuration, enableExemplars: true });
    this.#traceId = traceId;
  }

  record(labels: LabelValues<Label>, seconds: number): void {
    const traceId = this.#traceId();
    const exemplarLabels: Record<string, string> = traceId === undefined ? {} : { [EXEMPLAR_LABEL]: traceId };
    this.observe({ labels, value: seconds, exemplarLabels: exemplarLabels as LabelValues<Label> });
  }
}
