import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { armFailpoint, failpoint, FAILPOINTS } from '../../platform/failpoints.ts';
import { loadConfig } from '../../platform/config.ts';

describe('failpoints', () => {
  afterEach(() => {
    armFailpoint(undefined);
  });

  it('do nothing unless they are armed', () => {
    failpoint('claimed');
  });

  it('fail at the passage that was asked for, once', () => {
    armFailpoint('claimed:2:throw');
    failpoint('claimed');
    failpoint('agent-ended');
    assert.throws(() => failpoint('claimed'), /failpoint claimed/);
    failpoint('claimed');
  });

  it('are refused where nobody knows them, and in production', () => {
    assert.throws(() => armFailpoint('lunch:1:kill'), /FAIL_AT must be/);
    assert.throws(() => armFailpoint('claimed:0:kill'), /FAIL_AT must be/);
    assert.throws(() => loadConfig({ NODE_ENV: 'production', FAIL_AT: 'claimed:1:kill' }), /FAIL_AT/);
  });

  it('are all in the table of docs/GUARANTEES.md', async () => {
    const text = await readFile(new URL('../../docs/GUARANTEES.md', import.meta.url), 'utf8');
    for (const point of Object.keys(FAILPOINTS)) assert.ok(text.includes(`\`${point}\``), point);
  });
});
