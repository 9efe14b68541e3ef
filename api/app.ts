import { Router } from '@koa/router';
import Koa from 'koa';
import type { Service } from '../platform/lifecycle.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { createOpenId } from './auth/openid.ts';
import { createRateLimits } from './auth/rate-limit.ts';
import { createSessions } from './auth/sessions.ts';
import { createTokenDirectory } from './auth/token-directory.ts';
import { builtConsoleFolder } from './console/folder.ts';
import { webConsole } from './console/console.ts';
import { openApiDocument } from './documentation/openapi.ts';
import { createOpenRuns } from './limits/open-runs.ts';
import { createProbes } from './health/probes.ts';
import { collectMetrics } from './metrics/collect.ts';
import { guard, type GuardParts } from './middleware/guard.ts';
import { securityHeaders } from './middleware/headers.ts';
import { limitAddresses } from './middleware/limit-addresses.ts';
import { notFound } from './middleware/not-found.ts';
import { observe } from './middleware/observe.ts';
import { oneHost } from './middleware/one-host.ts';
import { problems } from './middleware/problems.ts';
import { requestId } from './middleware/request-id.ts';
import { traceRequests } from './middleware/trace.ts';
import type { Api } from './api.ts';
import { createOpenStreams } from './open-streams.ts';
import type { ApiParts } from './parts.ts';
import { bullBoard } from './queues/bull-board.ts';
import { queueNames } from './queues/queue-names.ts';
import { routes } from './routes.ts';
import { createRunWatch } from './runs/run-watch.ts';
import { close, createServer, listen } from './server.ts';
import { createAlertWorkflows } from './webhooks/alert-workflows.ts';
import { createIntake } from './webhooks/intake.ts';

export interface HttpRoom {
  readonly app: Koa;
  /** `start` listens, `stop` lets requests under way end. */
  readonly service: Service;
  /** Where it listens, once it does. */
  address(): { readonly host: string; readonly port: number };
}

/** The HTTP room: every way in from outside, top to bottom. */
export function createApi(parts: ApiParts): HttpRoom {
  const stopping = new AbortController();
  const api = furnish(parts, stopping.signal);
  const app = createApp(api);
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response), parts.config);
  collectMetrics(api);

  const service: Service = {
    name: 'Api',
    async start() {
      await api.directory.start();
      await listen(server, parts.config);
    },
    async stop(deadlineMs) {
      stopping.abort();
      api.directory.stop();
      await close(server, Math.max(0, deadlineMs - 500));
      api.runWatch.close();
    },
  };
  return { app, service, address: () => addressOf(server.address()) };
}

function createApp(api: Api): Koa {
  const { config, metrics, log } = api;
  const app = new Koa({ proxy: config.trustProxy > 0, maxIpsCount: config.trustProxy });
  const authenticate = createAuthenticate(api);
  const parts: GuardParts = {
    api,
    authenticate,
    limits: createRateLimits({
      perPrincipal: config.rateLimitPerSecond,
      perAddress: config.rateLimitPerAddress,
    }),
  };
  const router = createRouter(parts);

  app.use(requestId());
  if (api.tracing) app.use(traceRequests(api.tracing));
  app.use(observe(metrics, log));
  app.use(securityHeaders());
  app.use(problems(log, api.openId !== undefined));
  app.use(oneHost());
  app.use(limitAddresses(routes, parts));
  app.use(bullBoard(parts));
  app.use(router.routes());
  app.use(webConsole(parts));
  app.use(notFound(router, parts));
  // what fails after the head of an answer is out (a caller that went away) has nobody to be told
  app.on('error', (error: unknown) => {
    log.debug({ cause: String(error) }, 'an answer could not be sent to its end');
  });
  return app;
}

function createRouter(parts: GuardParts): Router {
  const router = new Router({ sensitive: true });
  for (const route of routes) router.register(route.path, [route.method], guard(route, parts));
  return router;
}

function furnish(parts: ApiParts, stopping: AbortSignal): Api {
  const { config } = parts;
  const directory = createTokenDirectory(parts);
  let openApi: string | undefined;
  return {
    ...parts,
    consoleFolder: parts.consoleFolder ?? builtConsoleFolder(),
    directory,
    sessions: createSessions(parts.db, directory),
    openId: config.oidc && createOpenId(config.oidc, config.publicUrl, parts.log),
    queueNames: () => queueNames(parts.db, parts.config),
    openRuns: createOpenRuns(parts),
    probes: createProbes(parts),
    intake: createIntake(parts.db, createAlertWorkflows(parts.log)),
    runWatch: createRunWatch(parts.hints),
    openApi: () => (openApi ??= JSON.stringify(openApiDocument(routes))),
    openStreams: createOpenStreams(stopping),
  };
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>['address']>) {
  if (typeof address !== 'object' || address === null) throw new Error('The API does not listen');
  return { host: address.address, port: address.port };
}
