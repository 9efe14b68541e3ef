import { defineRoute } from '../route.ts';

export const getMetrics = defineRoute({
  id: 'getMetrics',
  method: 'GET',
  path: '/metrics',
  scope: 'metrics',
  tag: 'Metrics',
  summary: 'Metrics for Prometheus',
  responses: { 200: { description: 'Prometheus text format', contentType: 'text/plain' } },
  handle: async ({ api: { metrics } }) => ({
    status: 200,
    body: await metrics.text(),
    headers: { 'Content-Type': metrics.contentType },
  }),
});
