import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../contracts/errors.ts';
import { allowPage } from '../middleware/headers.ts';
import { defineRoute } from '../route.ts';

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
  async handle({ api }) {
    const body = await readScalar(api.consoleFolder);
    return {
      status: 200,
      body,
      headers: { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'private, max-age=86400' },
    };
  },
});

let scalar: Promise<string> | undefined;

/** Read once, when somebody opens the page: 3.6 MB. The build puts it beside the console; without one it is in its package. */
function readScalar(consoleFolder: string): Promise<string> {
  scalar ??= readFile(join(consoleFolder, 'scalar.js'), 'utf8')
    .catch(() => readFile(PACKAGED, 'utf8'))
    .catch((error: unknown) => {
      scalar = undefined;
      throw new AppError('UNAVAILABLE', 'The documentation page is not part of this installation; /openapi.json is.', {
        cause: error,
      });
    });
  return scalar;
}

/** Its package does not export the file by name. */
const PACKAGED = new URL('../../node_modules/@scalar/api-reference/dist/browser/standalone.js', import.meta.url);
