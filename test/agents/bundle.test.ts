import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../workers/agents/bundle.ts';

const ENTRY = fileURLToPath(new URL('../fixtures/agents/kit-echo/index.ts', import.meta.url));

describe('compiling an agent', () => {
  it('asks another compiler where the first has stopped answering', async function () {
    if (process.platform !== 'linux') this.skip();
    const { code } = await bundle(ENTRY, 'bare');
    const compilers = await compilersOfThisProcess();
    assert.ok(compilers.length > 0, 'a compiler waits for more work');
    for (const pid of compilers) process.kill(pid, 'SIGSTOP');
    try {
      assert.equal((await bundle(ENTRY, 'bare', { answersMs: 2_000 })).code, code);
    } finally {
      for (const pid of compilers) process.kill(pid, 'SIGKILL');
    }
  });
});

async function compilersOfThisProcess(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [status, command] = await Promise.all(
        ['status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      );
      const isChild = new RegExp(`^PPid:\\s+${String(process.pid)}$`, 'm').test(status ?? '');
      return isChild && command?.includes('--service=') ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
