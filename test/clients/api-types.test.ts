import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { API_TYPES_FILE, renderApiTypes } from './support/api-types.ts';

describe('the types of the TypeScript client and the console', () => {
  it('are those that the routes make now', async function () {
    const current = await readFile(API_TYPES_FILE, 'utf8');
    assert.ok(
      current === (await renderApiTypes()),
      'clients/typescript/api.generated.ts is out of date: node --import=tsx test/clients/support/api-types.ts',
    );
  });
});
