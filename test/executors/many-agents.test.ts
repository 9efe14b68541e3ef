import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDescription } from '../../workers/agents/description.ts';
import { ProcessExecutor } from '../../workers/executors/process.ts';
import { findLabelled } from '../../workers/executors/process/sweep.ts';
import { CACHE_DIR, fixtureAgents, request, SILENT, textOf } from './requests.ts';
import { waitFor } from '../support/wait-for.ts';

const AGENTS = 200;
/** Of these every tenth is a Node.js program out of the warm pool, the others are quick to start. */
const NODE_EVERY = 10;

describe('200 agents at once on one worker', function () {
  this.timeout(120_000);
  const workerId = `many-${String(process.pid)}`;
  let folder: string;
  let executor: ProcessExecutor;
  let agents: Map<string, AgentDescription>;
  /** Gives back its input, on stdout and on stderr. */
  let echo: AgentDescription;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'many-agents-'));
    agents = await fixtureAgents();
    executor = new ProcessExecutor({
      ...{ workerId, log: SILENT, env: process.env, tempDir: folder, warm: true },
      cacheDir: CACHE_DIR,
    });
    await executor.start();
    echo = { ...agentNamed('shell-counter'), entry: join(folder, 'echo.sh') };
    writeFileSync(echo.entry, '#!/bin/sh\necho "echoing $1" >&2\nprintf "%s\\n" "$1"\n', { mode: 0o755 });
  });
  after(async () => {
    await executor.stop(0);
    rmSync(folder, { recursive: true, force: true });
  });

  const agentNamed = (name: string) => {
    const agent = agents.get(name);
    assert.ok(agent, `no fixture ${name}`);
    return agent;
  };

  it('each give their own answer and their own log', async () => {
    const expected = Array.from({ length: AGENTS }, (_, at) => `${String(at)} ${crypto.randomUUID()}`);
    const requests = expected.map((value, at) =>
      at % NODE_EVERY === 0 ? request(agentNamed('chameleon'), { do: 'echo', value }) : request(echo, { value }),
    );
    const results = await Promise.all(requests.map((one) => executor.execute({ ...one, timeoutMs: 100_000 })));
    const answers = results.map((result) =>
      result.ok ? (result.output as { value?: unknown }).value : result.message,
    );
    assert.deepEqual(answers, expected);
    for (const [at, one] of requests.entries())
      if (at % NODE_EVERY !== 0) assert.equal(textOf(one), `echoing ${JSON.stringify({ value: expected[at] })}`);
    await waitFor(() => !findLabelled().some(({ label }) => label.workerId === workerId && label.run !== undefined), {
      describe: 'that none of them is left',
    });
  });
});
