import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { asyncApiDocument } from '../../api/documentation/asyncapi.ts';
import { REQUEST_EXAMPLES, RESPONSE_EXAMPLES } from '../../api/documentation/examples.ts';
import { openApiDocument } from '../../api/documentation/openapi.ts';
import { API_VERSION } from '../../api/documentation/version.ts';
import type { Route } from '../../api/route.ts';
import { routes } from '../../api/routes.ts';

/** What a linter of others finds, by rule and place. */
async function lint(document: object): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended-strict'],
    // the way to a login provider only ever redirects: see below
    rules: { 'operation-2xx-response': 'off' },
  });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer ?? '?'}: ${message}`);
}

function danglingReferences(document: object): string[] {
  const found = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  const isThere = (pointer: string): boolean =>
    pointer.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document) !== undefined; // prettier-ignore
  return [...found].map(([, pointer = '']) => pointer).filter((pointer) => !isThere(pointer)).map((pointer) => `#/${pointer}`); // prettier-ignore
}

function routeOf(id: string): Route {
  const route = routes.find((one) => one.id === id);
  assert.ok(route, `${id} is an operation`);
  return route;
}

describe('the documents of the API', function () {
  it('are found well by a linter: OpenAPI 3.1', async () => {
    assert.deepEqual(await lint(openApiDocument(routes)), []);
  });

  it('are found well by a linter: AsyncAPI 3.0', async () => {
    assert.deepEqual(await lint(asyncApiDocument()), []);
  });

  it('have an answer of success for each operation', () => {
    for (const { id, responses } of routes)
      assert.ok(
        Object.keys(responses).some((status) => Number(status) < 400),
        id,
      );
  });

  it('have no reference that leads nowhere', () => {
    for (const document of [openApiDocument(routes), asyncApiDocument()])
      assert.deepEqual(danglingReferences(document), []);
  });

  it('would not be found well with a mistake in them', async () => {
    const openApi = openApiDocument(routes);
    assert.match((await lint({ ...openApi, info: {} })).join(), /struct at #\/info/);
    const asyncApi = asyncApiDocument();
    const operations = { broken: { action: 'shout', channel: { $ref: '#/channels/none' } } };
    assert.match((await lint({ ...asyncApi, operations })).join(), /struct at #\/operations\/broken\/action/);
    assert.deepEqual(danglingReferences({ ...asyncApi, operations }), ['#/channels/none']);
  });

  it('have an example of each body, as its guard takes it', () => {
    for (const { id, body } of routes) {
      if (!body) continue;
      const isEmpty = !(id in REQUEST_EXAMPLES);
      const parsed = body.safeParse(isEmpty ? {} : REQUEST_EXAMPLES[id]);
      assert.ok(parsed.success, `${id}: ${parsed.error?.message ?? ''}`);
      if (isEmpty)
        assert.ok(!body.safeParse({ surely: 'unknown' }).success, `${id} takes more than {}: give an example`);
    }
    for (const id of Object.keys(REQUEST_EXAMPLES)) assert.ok(routeOf(id).body, id);
  });

  it('have examples of answers, as their schemas promise them', () => {
    for (const [id, answers] of Object.entries(RESPONSE_EXAMPLES)) {
      for (const [status, example] of Object.entries(answers)) {
        const parsed = routeOf(id).responses[Number(status)]?.schema?.safeParse(example);
        assert.ok(parsed?.success, `${id} ${status}: ${parsed?.error?.message ?? 'has no schema'}`);
      }
    }
  });

  it('have a changelog whose newest section is their version', () => {
    const text = readFileSync(new URL('../../docs/API_CHANGELOG.md', import.meta.url), 'utf8');
    assert.equal(/^## (\S+)/m.exec(text)?.[1], API_VERSION);
  });
});
