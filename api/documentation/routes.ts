import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import { findVariant, openVariant, type Variant } from '../console/variants.ts';
import { allowPage } from '../middleware/headers.ts';
import { defineRoute } from '../route.ts';
import { asyncApiDocument } from './asyncapi.ts';

const tag = 'Documentation';

export const getOpenApi = defineRoute({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  scope: 'viewer',
  tag,
  summary: 'This document',
  responses: { 200: { description: 'OpenAPI 3.1', contentType: 'application/json' } },
  handle: ({ api }) => ({
    status: 200,
    body: api.openApi(),
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
  }),
});

export const getAsyncApi = defineRoute({
  id: 'getAsyncApi',
  method: 'GET',
  path: '/asyncapi.json',
  scope: 'viewer',
  tag,
  summary: 'The events that leave by themselves, and the webhooks that come in',
  responses: { 200: { description: 'AsyncAPI 3.0', contentType: 'application/json' } },
  handle: () => ({ status: 200, body: asyncApiDocument() }),
});

/** The page reads its settings from a JSON script of its own, so that no script has to stand in it. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · commandcenter</title>
<link rel="icon" href="data:,">
</head>
<body>
<div id="app"></div>
<script src="/docs/scalar.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Everything comes from this service: no fonts, telemetry or proxy of others. */
const START = `Scalar.createApiReference('#app', {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  proxyUrl: '',
});
`;

export const getDocs = defineRoute({
  id: 'getDocs',
  method: 'GET',
  path: '/docs',
  scope: 'viewer',
  tag,
  summary: 'A page to read and try this API, offline',
  responses: { 200: { description: 'The page', contentType: 'text/html' } },
  handle({ ctx }) {
    allowPage(ctx, 'documentation');
    return { status: 200, body: PAGE, headers: { 'Content-Type': 'text/html; charset=utf-8' } };
  },
});

export const getDocsStart = defineRoute({
  id: 'getDocsStart',
  method: 'GET',
  path: '/docs/start.js',
  scope: 'viewer',
  tag,
  summary: 'What starts the page',
  responses: { 200: { description: 'JavaScript', contentType: 'text/javascript' } },
  handle: () => ({ status: 200, body: START, headers: { 'Content-Type': 'text/javascript; charset=utf-8' } }),
});

export const getDocsScript = defineRoute({
  id: 'getDocsScript',
  method: 'GET',
  path: '/docs/scalar.js',
  scope: 'viewer',
  tag,
  summary: 'The script of the page',
  responses: { 200: { description: 'JavaScript', contentType: 'text/javascript' } },
  async handle({ api, ctx }) {
    const script = await findScalar(ctx, api.consoleFolder);
    return {
      status: 200,
      body: openVariant(script),
      headers: {
        ...script.headers,
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': 'private, max-age=86400',
      },
    };
  },
});

/** Its package does not export the file by name. */
const PACKAGED = new URL('../../node_modules/@scalar/api-reference/dist/browser/standalone.js', import.meta.url);

/** 3.6 MB: the build puts it beside the console, compressed too; without one it is in its package. */
async function findScalar(ctx: Context, consoleFolder: string): Promise<Variant> {
  const found =
    (await findVariant(ctx, join(consoleFolder, 'scalar.js'))) ?? (await findVariant(ctx, fileURLToPath(PACKAGED)));
  if (found) return found;
  throw new AppError('UNAVAILABLE', 'The documentation page is not part of this installation; /openapi.json is.');
}
