import { SpanKind, type Attributes, type Context } from '@opentelemetry/api';
import { SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace-node';

/**
 * What may begin a trace: a request, a job, a flow that the reconciler adds. BullMQ's own housekeeping (looking for
 * stalled jobs, fetching the next) would be a trace of its own several times a second.
 */
export const rootSampler: Sampler = {
  shouldSample: (_context: Context, _traceId: string, name: string, kind: SpanKind, _attributes: Attributes) => ({
    decision: mayBegin(name, kind) ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
  }),
  toString: () => 'rootSampler',
};

function mayBegin(name: string, kind: SpanKind): boolean {
  return kind === SpanKind.SERVER || /^(?:process|addFlow|addBulkFlows|node)\b/.test(name);
}
