import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../support/program.ts';

const ENTRY = fileURLToPath(new URL('../fixtures/agents/kit-echo/index.ts', import.meta.url));
/** In a process of its own: this one's compiler also loads the tests. */
const PROGRAM = fileURLToPath(new URL('fixtures/stopped-compiler.ts', import.meta.url));

describe('compiling an agent', () => {
  it('asks another compiler where the first has stopped answering', async function () {
    if (process.platform !== 'linux') this.skip();
    const printed = await runProgram(process.execPath, ['--import', 'tsx', PROGRAM, ENTRY]);
    const { stopped, isSame } = JSON.parse(printed) as { stopped: number; isSame: boolean };
    assert.ok(stopped > 0, 'a compiler waited for more work');
    assert.ok(isSame);
  });
});
