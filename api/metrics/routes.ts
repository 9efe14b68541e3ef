import { defineRoute } from '../route.ts';

export const getMetrics = defineRoute({
  id: 'getMetrics',
  method: 'GET',
  path: '/metrics',
  scope: 'metrics',
  tag: 'Metrics',
  summary: 'Metrics for Prometheus',
  headers: { Accept: 'With `application/openmetrics-text` first: OpenMetrics 1.0, which has exemplars' },
  responses: { 200: { description: 'Prometheus text format', contentType: 'text/plain' } },
  handle: async ({ api: { metrics }, ctx }) => {
    const { contentType, text } = await metrics.scrape(ctx.get('accept'));
    return { status: 200, body: text, headers: { 'Content-Type': contentType, Vary: 'Accept' } };
  },
});
