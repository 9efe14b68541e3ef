import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MODULE = fileURLToPath(new URL('../../platform/optimize-early.ts', import.meta.url));

describe('optimizing early', () => {
  it('is known to the V8 of this Node', async () => {
    const script = `import { optimizeEarly } from ${JSON.stringify(MODULE)}; optimizeEarly(); console.log('set');`;
    const { stdout, stderr } = await run(process.execPath, ['--import=tsx', '--input-type=module', '--eval', script]);
    assert.deepEqual([stdout, stderr], ['set\n', '']);
  });
});
