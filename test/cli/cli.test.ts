import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AcceptedRun, RunSummaryWire, RunWire } from '../../cli/wire.ts';
import { runCli, spawnCli, type CliResult, type CliSetting } from './support/run-cli.ts';
import { startService, type TestService } from './support/service.ts';
import { testTerminal } from './suites/terminal.ts';

const ECHO = {
  name: 'echo',
  inputSchema: { type: 'object', properties: { value: {}, version: { type: 'string' } } },
  nodes: [{ id: 'say', agent: 'kit-echo', input: { value: '{{ input }}' } }],
};
const BROKEN = { name: 'broken', nodes: [{ id: 'divide', transform: '1 / 0' }] };
const WAITING = {
  name: 'waiting',
  nodes: [
    { id: 'go', signal: { name: 'go' } },
    { id: 'after', transform: 'go.output', dependsOn: ['go'] },
  ],
};
const ASKING = { name: 'asking', nodes: [{ id: 'ask', transform: '1', approval: { message: 'May I?' } }] };

describe('the command line', function () {
  this.timeout(300_000);
  let service: TestService;
  let folder: string;
  let settings: string;

  before(async function () {
    this.timeout(300_000);
    service = await startService({ agentsDir: 'test/fixtures/agents' });
    folder = await mkdtemp(join(tmpdir(), 'cc cli '));
    settings = await mkdtemp(join(tmpdir(), 'cc-settings-'));
    await keep('echo.json', ECHO);
    await keep('broken.json', BROKEN);
    await keep('waiting.json', WAITING);
    await keep('asking.json', ASKING);
    const applied = await cli('workflow', 'apply', '.');
    assert.equal(applied.exitCode, 0, applied.stderr);
  });
  after(async () => {
    for (const each of [folder, settings]) await rm(each, { recursive: true, force: true });
    await service.stop();
  });

  const keep = (file: string, definition: unknown) => writeFile(join(folder, file), JSON.stringify(definition));
  const cliWith = (setting: Partial<CliSetting>, ...args: string[]): Promise<CliResult> =>
    runCli(args, { url: service.url, cwd: folder, ...setting });
  const cli = (...args: string[]): Promise<CliResult> => cliWith({}, ...args);
  async function json<T>(...args: string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await cli(...args, '--json');
    assert.equal(exitCode, 0, stderr);
    return JSON.parse(stdout) as T;
  }
  const start = async (name: string): Promise<string> => (await json<AcceptedRun>('run', name)).workflowRunId;

  describe('tells by its exit code', () => {
    it('0 that a run succeeded', async () => {
      const { exitCode, stdout } = await cli('run', 'echo', '--wait', '-i', 'value=1');
      assert.equal(exitCode, 0);
      assert.match(stdout, /SUCCESS {2}echo in /);
    });

    it('1 that the run failed, with the node and the reason', async () => {
      const { exitCode, stdout } = await cli('run', 'broken', '--wait');
      assert.equal(exitCode, 1);
      assert.match(stdout, /divide: The transform of node divide: Division by zero.*EXPRESSION_ERROR/);
    });

    it('2 that it was used wrongly, and what may have been meant', async () => {
      const command = await cli('runs', 'wach');
      assert.equal(command.exitCode, 2);
      assert.match(command.stderr, /Did you mean watch\?/);
      const option = await cli('run', 'echo', '--watsh');
      assert.equal(option.exitCode, 2);
      assert.match(option.stderr, /Did you mean --watch\?/);
      const workflow = await cli('run', 'ecco');
      assert.equal(workflow.exitCode, 2);
      assert.match(workflow.stderr, /There is no workflow ecco\. Did you mean echo\?/);
    });

    it('2 that the input was refused, with each problem', async () => {
      const { exitCode, stderr } = await cliWith(
        { stdin: '{"name":"x","nodes":[{"id":"a","agent":"nobody"},{"id":"b","transform":"c.output"}]}' },
        'workflow',
        'apply',
        '-',
      );
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, /nodes\[0\]\.agent: Unknown agent "nobody"/);
      assert.match(stderr, /nodes\[1\]\.transform: /);
    });

    it('3 that the service cannot be reached', async () => {
      const { exitCode, stderr } = await cliWith({ url: 'http://127.0.0.1:9' }, 'workflow', 'list');
      assert.equal(exitCode, 3);
      assert.match(stderr, /cannot be reached .*COMMANDCENTER_URL/s);
    });

    it('the same as a program of its own', async () => {
      const { exitCode, stdout, stderr } = await spawnCli(['runs', 'get', 'zzzz', '--json'], { url: service.url });
      assert.equal(exitCode, 2);
      assert.equal(stdout, '');
      const { error } = JSON.parse(stderr) as { error: { message: string; exitCode: number } };
      assert.equal(error.exitCode, 2);
      assert.match(error.message, /zzzz names no run/);
    });
  });

  describe('workflows', () => {
    it('are applied in the order of who calls whom, and left alone when nothing changed', async () => {
      await keep('a-caller.json', { name: 'caller', nodes: [{ id: 'call', workflow: 'called', input: {} }] });
      await keep('b-called.json', { name: 'called', nodes: [{ id: 'one', transform: '1' }] });
      const [first, second] = [
        await json<Step[]>('workflow', 'apply', '.'),
        await json<Step[]>('workflow', 'apply', '.'),
      ];
      const actions = Object.fromEntries(first.map(({ name, action }) => [name, action]));
      assert.deepEqual([actions.caller, actions.called, actions.echo], ['create', 'create', 'keep']);
      assert.ok(second.every(({ action }) => action === 'keep'));
    });

    it('are compared by a dry run, which changes nothing', async () => {
      await keep('echo.json', { ...ECHO, description: 'another' });
      const { stdout } = await cli('workflow', 'apply', '-f', 'echo.json', '--dry-run');
      assert.match(stdout, /~ echo would be updated\n {4}\+ \/description {2}"another"/);
      assert.equal((await json<{ description?: string }>('workflow', 'get', 'echo')).description, undefined);
      await keep('echo.json', ECHO);
    });

    it('are deleted by --prune when no file names them', async () => {
      await cliWith({ stdin: '{"name":"extra","nodes":[{"id":"a","transform":"1"}]}' }, 'workflow', 'apply', '-');
      const planned = await json<Step[]>('workflow', 'apply', '.', '--prune', '--dry-run');
      assert.deepEqual(
        planned.filter(({ action }) => action === 'delete'),
        [{ name: 'extra', action: 'delete' }],
      );
      const { stdout } = await cli('workflow', 'apply', '.', '--prune');
      assert.match(stdout, /- extra deleted/);
      assert.equal((await cli('workflow', 'get', 'extra')).exitCode, 2);
    });

    it('change nothing at all when one of the files has a problem', async () => {
      await keep('bad.yaml', 'not yet JSON');
      assert.match((await cli('workflow', 'apply', '.')).stderr, /bad\.yaml holds no workflow definition/);
      await rm(join(folder, 'bad.yaml'));
    });

    it('start from a template that is valid and runs', async () => {
      assert.equal((await cli('workflow', 'init', 'fresh')).exitCode, 0);
      assert.equal((await cli('workflow', 'init', 'fresh')).exitCode, 2);
      const { stdout } = await cli('workflow', 'validate', 'echo.json', 'broken.json');
      assert.equal(stdout, '✓ echo.json: echo is valid\n✓ broken.json: broken is valid\n');
      await rm(join(folder, 'fresh.json'));
    });

    it('are given back as they can be applied again, as YAML too', async () => {
      const { stdout } = await cli('workflow', 'get', 'echo', '-o', 'yaml');
      await writeFile(join(folder, 'echo.yaml'), stdout);
      const [step] = await json<Step[]>('workflow', 'apply', 'echo.yaml');
      assert.equal(step?.action, 'keep');
      await rm(join(folder, 'echo.yaml'));
    });
  });

  describe('runs', () => {
    it('take their input from JSON values, text for text fields, and files under them', async () => {
      const input = '{"value":1,"other":[1]}';
      const flags = ['--input-file', '-', '-i', 'value={"a":[true]}', '-i', 'version=1.10', '-i', 'free=text'];
      const { stdout } = await cliWith({ stdin: input }, 'run', 'echo', '--wait', '--json', ...flags);
      const run = JSON.parse(stdout) as RunWire;
      assert.deepEqual(run.input, { value: { a: [true] }, other: [1], version: '1.10', free: 'text' });
    });

    it('are shown by one line for each event in a pipe, without colours', async () => {
      const { exitCode, stdout } = await cli('run', 'echo', '--watch');
      assert.equal(exitCode, 0);
      assert.match(stdout, /\d\d:\d\d:\d\d {2}say +succeeded +\S+ m?s\n/);
      assert.ok(!stdout.includes('\u001b'), 'no escape sequence');
    });

    it('are shown as one JSON document for each event with --json', async () => {
      const { stdout } = await cli('run', 'echo', '--watch', '--json');
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { sequence: number; type: string });
      assert.deepEqual(
        events.map(({ sequence }) => sequence),
        events.map((_, index) => index + 1),
      );
      assert.equal(events.at(-1)?.type, 'run.succeeded');
    });

    it('are found by the first letters of their id and as @last', async () => {
      const id = await start('echo');
      assert.equal((await json<RunWire>('runs', 'get', id.slice(0, 8))).id, id);
      assert.equal((await json<RunWire>('runs', 'get', '@last')).id, id);
    });

    it('are listed by status and workflow', async () => {
      const runs = await json<RunSummaryWire[]>('runs', 'list', '--status', 'failed', '--workflow', 'broken');
      assert.ok(
        runs.length > 0 && runs.every(({ status, workflowName }) => status === 'FAILED' && workflowName === 'broken'),
      );
    });

    it('say why they wait, and go on with a signal', async () => {
      const id = await start('waiting');
      const reasons = await json<{ node: string; reason: string }[]>('runs', 'why', id);
      assert.deepEqual(
        reasons.map(({ node }) => node),
        ['go', 'after'],
      );
      await cli('signals', 'send', id, 'go', '-i', 'count=3');
      const { exitCode } = await cli('runs', 'watch', id);
      assert.equal(exitCode, 0);
      assert.deepEqual((await json<RunWire>('runs', 'get', id)).output, { after: { count: 3 } });
    });

    it('are paused, resumed, and cancelled with a receipt', async () => {
      const id = await start('waiting');
      assert.match((await cli('runs', 'pause', id)).stdout, /is PAUSED/);
      assert.equal((await cli('runs', 'resume', id)).exitCode, 0);
      const { stdout } = await cli('runs', 'cancel', id);
      assert.match(stdout, /waiting .* is CANCELLED after/);
      assert.match(stdout, / {2}after: not started/);
      assert.equal((await cli('runs', 'watch', id)).exitCode, 1);
      assert.equal((await cli('runs', 'cancel', id)).exitCode, 2);
    });

    it('go on with the output that a node is given by hand, or without it', async () => {
      const id = await start('waiting');
      assert.equal((await cli('runs', 'mark', id, 'go')).exitCode, 2);
      assert.match((await cli('runs', 'mark', id, 'go', '--output', 'text')).stderr, /is not JSON/);
      assert.equal(
        (await cli('runs', 'mark', id, 'go', '--output', '{"by":"hand"}')).stdout,
        'waiting/go is SUCCESS\n',
      );
      assert.equal((await cli('runs', 'watch', id)).exitCode, 0);
      assert.deepEqual((await json<RunWire>('runs', 'get', id)).output, { after: { by: 'hand' } });
      const skipped = await start('waiting');
      assert.equal((await cli('runs', 'mark', skipped, 'go', '--skip')).stdout, 'waiting/go is SKIPPED\n');
      await cli('runs', 'watch', skipped);
    });

    it('are retried as new runs', async () => {
      const { workflowRunId: failed } = await json<AcceptedRun>('run', 'broken');
      assert.equal((await cli('runs', 'watch', failed)).exitCode, 1);
      const { exitCode } = await cli('runs', 'retry', failed, '--watch');
      assert.equal(exitCode, 1);
      assert.equal((await json<RunWire>('runs', 'get', '@last')).retryOf, failed);
    });

    it('show what their agents said, also while they say it', async () => {
      const id = await start('echo');
      const followed = await cli('runs', 'logs', id, '-f');
      assert.match(followed.stdout, /say {2}echoing/);
      const [line] = await jsonLines<{ nodeId: string; attempt: number }>('runs', 'logs', id, 'say');
      assert.deepEqual([line?.nodeId, line?.attempt], ['say', 1]);
      const wrong = await cli('runs', 'logs', id, 'sai');
      assert.match(wrong.stderr, /no node sai\. Did you mean say\?/);
    });

    async function jsonLines<T>(...args: string[]): Promise<T[]> {
      const { stdout } = await cli(...args, '--json');
      return stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as T);
    }
  });

  describe('triggers', () => {
    const trigger = (matcher: string) => ({ type: 'alertmanager', matchers: [matcher], cooldownSeconds: 3600 });
    const nodes = [{ id: 'a', transform: '1' }];

    before(async () => {
      await keep('alerted.json', { name: 'alerted', nodes, triggers: [trigger('alertname="Full"')] });
      assert.equal((await cli('workflow', 'apply', 'alerted.json')).exitCode, 0);
      for (const minute of ['00', '01'])
        await fetch(`${service.url}/api/webhooks/alertmanager`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            alerts: [{ labels: { alertname: 'Full' }, startsAt: `2030-01-01T00:${minute}:00Z` }],
          }),
        });
    });

    it('are listed with what they decided last, and why', async () => {
      const [listed] = await json<{ id: string; lastDecision: { outcome: string } }[]>('triggers', 'list', 'alerted');
      assert.equal(listed?.lastDecision.outcome, 'cooldown');
      const { stdout } = await cli('triggers', 'decisions', listed.id);
      assert.match(stdout, /cooldown +In cooldown until .*\n.*started +[0-9a-f]{8}/);
    });

    it('are tested against the alerts that came, as stored and as a draft', async () => {
      const { stdout, exitCode, stderr } = await cli('triggers', 'backtest', 'alerted', '--run-seconds', '60');
      assert.equal(exitCode, 0, stderr);
      assert.match(
        stdout,
        /^alerted, the last 7 days: 2 webhooks with 2 alerts\n {2}would have started {2}1 time\n {2}overlapping {9}0 \(runs of 1m 00s\)\n {2}not started {9}1 cooldown\n\nat .*\n.*firing {2}alertname=Full/,
      );
      await keep('draft.json', {
        name: 'alerted',
        nodes,
        triggers: [{ ...trigger('alertname="Full"'), cooldownSeconds: 0 }],
      });
      const draft = await json<{ wouldStart: number }>('triggers', 'backtest', 'alerted', '-f', 'draft.json');
      assert.equal(draft.wouldStart, 2);
      const wrong = await cli('triggers', 'backtest', 'alerted', '-f', 'echo-of-nothing.json');
      assert.equal(wrong.exitCode, 2);
    });
  });

  describe('approvals', () => {
    it('are listed and decided by the first letters of their id', async () => {
      const id = await start('asking');
      const watched = cli('runs', 'watch', id);
      const approvals = await untilSome(() => json<{ id: string }[]>('approvals', 'list', '--run', id));
      const { stdout } = await cli('approvals', 'approve', approvals[0]?.id.slice(0, 13) ?? '', '--by', 'ada');
      assert.equal(stdout, 'asking/ask APPROVED by ada\n');
      assert.equal((await watched).exitCode, 0);
    });

    it('that are rejected fail the run', async () => {
      const id = await start('asking');
      const watched = cli('runs', 'watch', id);
      const approvals = await untilSome(() => json<{ id: string }[]>('approvals', 'list', '--run', id));
      await cli('approvals', 'reject', approvals[0]?.id ?? '', '--notes', 'not today');
      assert.equal((await watched).exitCode, 1);
    });

    async function untilSome<T>(ask: () => Promise<T[]>): Promise<T[]> {
      for (;;) {
        const found = await ask();
        if (found.length > 0) return found;
      }
    }
  });

  it('dev applies and runs a definition, once or on each change', async () => {
    const { exitCode, stdout } = await cli('dev', 'echo.json', '--once', '-i', 'value=7');
    assert.equal(exitCode, 0);
    assert.match(stdout, /SUCCESS {2}echo/);
  });

  it('doctor finds a service well, and says who asks', async () => {
    const { exitCode, stdout } = await cli('doctor');
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, /✓ database/);
    assert.match(stdout, /✓ you +local, admin/);
    assert.match(stdout, /✓ workers +1 alive/);
    assert.match(stdout, /✓ open nodes +\d+ in order/);
    assert.match((await cli('doctor', '--repair')).stdout, /open nodes +nothing had to be repaired/);
  });

  it('completes commands, options and the names of the service', async () => {
    assert.equal((await cli('complete', '--', 'runs', 'wa')).stdout, 'watch\n');
    assert.equal((await cli('complete', '--', 'run', 'ec')).stdout, 'echo\n');
    assert.equal((await cli('complete', '--', 'agents', 'get', 'kit-e')).stdout, 'kit-echo\n');
    assert.match((await cli('complete', '--', 'run', '--in')).stdout, /^--input\n--input-file\n$/);
    for (const shell of ['bash', 'zsh', 'fish']) {
      assert.match((await cli('completion', shell)).stdout, /complete --/);
    }
  });

  it('opens nothing when only asked for the address', async () => {
    const { stdout } = await cli('open', 'echo', '--print');
    assert.equal(stdout, `${service.url}/workflows/echo\n`);
  });

  it('keeps services under names, for their owner only', async () => {
    const path = join(settings, 'deep', 'config.json');
    const env = { COMMANDCENTER_CONFIG: path, COMMANDCENTER_URL: '' };
    assert.equal((await cliWith({ env }, 'context', 'set', 'here', service.url)).exitCode, 0);
    await cliWith({ env }, 'context', 'set', 'away', 'http://127.0.0.1:9', '--token', 'secret');
    assert.equal((await cliWith({ env }, 'workflow', 'list')).exitCode, 0);
    assert.equal((await cliWith({ env }, '--context', 'away', 'workflow', 'list')).exitCode, 3);
    assert.equal((await cliWith({ env }, '--context', 'nowhere', 'workflow', 'list')).exitCode, 2);
    const listed = await cliWith({ env }, 'context', 'list');
    assert.ok(!listed.stdout.includes('secret'));
    assert.match(await readFile(path, 'utf8'), /"token": "secret"/);
    assert.equal((await stat(path)).mode & 0o077, 0);
  });

  testTerminal(() => service.url);

  // last, because from the first token on nobody comes in without one
  describe('with tokens', () => {
    let admin: string;

    before(async () => {
      admin = (await cli('tokens', 'create', 'root', '--scope', 'admin')).stdout.trim();
    });

    it('tells by exit code 4 that a token is missing or wrong, or its scope does not do', async () => {
      const viewer = (await cli('tokens', 'create', 'eyes', '--token', admin)).stdout.trim();
      const missing = await cli('workflow', 'list');
      assert.equal(missing.exitCode, 4);
      assert.match(missing.stderr, /COMMANDCENTER_TOKEN/);
      assert.equal((await cliWith({ env: { COMMANDCENTER_TOKEN: 'wrong' } }, 'workflow', 'list')).exitCode, 4);
      assert.equal((await cli('workflow', 'list', '--token', viewer)).exitCode, 0);
      assert.equal((await cli('run', 'echo', '--token', viewer)).exitCode, 4);
    });

    it('lists tokens without their secrets, and revokes them by name', async () => {
      const { stdout } = await cli('tokens', 'list', '--token', admin);
      assert.match(stdout, /root +admin/);
      assert.ok(!stdout.includes(admin));
      assert.equal((await cli('tokens', 'revoke', 'eyes', '--token', admin)).stdout, 'eyes revoked\n');
    });
  });
});

interface Step {
  readonly name: string;
  readonly action: string;
}
