import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient, type Client } from '../../../cli/client.ts';
import type { AcceptedRun } from '../../../cli/wire.ts';
import { needsProgram } from '../../support/program.ts';
import { waitFor } from '../../support/wait-for.ts';
import { ROOT } from '../support/service.ts';

const run = promisify(execFile);

/** A program in a pseudo-terminal of 100 x 30, and what stands on its screen. */
async function openTerminal(tmux: string, command: string, env: Readonly<Record<string, string>>) {
  const server = `cc-${randomBytes(4).toString('hex')}`;
  // a service that builds and tests things sets CI, and there the command line draws nothing twice
  const variables = Object.entries({ CI: '', ...env }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const shell = `${command}; echo "exit code $?"; exec cat`;
  await run(
    tmux,
    ['-L', server, '-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', ...variables, shell],
    {
      cwd: ROOT,
    },
  );
  const screen = async (...flags: string[]) => (await run(tmux, ['-L', server, 'capture-pane', '-p', ...flags])).stdout;
  return {
    screen,
    async shows(pattern: RegExp) {
      return waitFor(async () => pattern.exec(await screen()), {
        timeoutMs: 90_000,
        describe: `${String(pattern)} on the screen`,
      });
    },
    close: () => run(tmux, ['-L', server, 'kill-server']),
  };
}

/** @param urlOf the address of a service, once the suites around this one have started it */
export function testTerminal(urlOf: () => string): void {
  describe('in a terminal', function () {
    this.timeout(300_000);
    let tmux: string;
    let client: Client;

    before(async function () {
      tmux = await needsProgram(this, 'tmux');
      client = createClient({ url: urlOf(), token: undefined });
      const definition = {
        name: 'slow',
        nodes: [
          { id: 'first', agent: 'kit-echo', input: { value: 1 } },
          { id: 'hold', signal: { name: 'go' }, dependsOn: ['first'] },
          { id: 'last', transform: '2', dependsOn: ['hold'] },
        ],
      };
      await client.post('/api/workflows', { body: definition });
    });

    const cli = (args: string): string => `"${process.execPath}" dist/cli/cli.js ${args}`;

    it('draws a run as a tree, again and again, and ends with the result', async () => {
      const { workflowId, workflowRunId } = await client.post<AcceptedRun>('/api/workflows/slow/trigger');
      const terminal = await openTerminal(tmux, cli(`runs watch ${workflowRunId}`), { COMMANDCENTER_URL: urlOf() });
      try {
        await terminal.shows(/● hold {2}.*waits for signal/);
        const waiting = await terminal.screen();
        assert.match(waiting, /^slow {2}RUNNING {2}\S+ /m);
        assert.match(waiting, /^ {2}✓ first .*kit-echo .*SUCCESS/m);
        assert.match(waiting, /^ {6}○ last .*PENDING .*after hold/m);
        assert.ok((await terminal.screen('-e')).includes('\u001b['), 'it has colours');
        await client.post(`/api/workflows/${workflowId}/runs/${workflowRunId}/signals/go`, { body: null });
        await terminal.shows(/exit code 0/);
        const ended = await terminal.screen();
        assert.equal(ended.match(/^slow {2}/gm)?.length, 1, `drawn in its place, not below each other:\n${ended}`);
        assert.match(ended, /SUCCESS {2}slow in/);
      } finally {
        await terminal.close();
      }
    });

    it('dev applies and runs a definition again when its file changes', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'cc-dev-'));
      const file = join(folder, 'changing.json');
      const write = (value: number) =>
        writeFile(file, JSON.stringify({ name: 'changing', nodes: [{ id: 'one', transform: String(value) }] }));
      await write(1);
      const terminal = await openTerminal(tmux, cli(`dev ${file}`), { COMMANDCENTER_URL: urlOf() });
      try {
        await terminal.shows(/waiting for changes/);
        await write(2);
        await terminal.shows(/changing updated \(version 2\)[\s\S]*waiting for changes/);
        const { definition } = await client.get<{ definition: { nodes: { transform: string }[] } }>(
          '/api/workflows/changing/versions/2',
        );
        assert.equal(definition.nodes[0]?.transform, '2');
      } finally {
        await terminal.close();
        await rm(folder, { recursive: true });
      }
    });

    it('honours NO_COLOR', async () => {
      const env = { COMMANDCENTER_URL: urlOf(), NO_COLOR: '1' };
      const terminal = await openTerminal(tmux, cli('workflow list'), env);
      try {
        await terminal.shows(/exit code 0/);
        assert.match(await terminal.screen(), /slow/);
        assert.ok(!(await terminal.screen('-e')).includes('\u001b'));
      } finally {
        await terminal.close();
      }
    });
  });
}
