import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import {
  callAgent,
  fixturePath,
  loadWarm,
  outputOf,
  parseOutput,
  runAgent,
  startAgent,
  type AgentResult,
} from './support/run-agent.ts';

const agent = fixturePath('kit-agent.ts');
const lastLog = ({ log }: AgentResult) => log.at(-1);

describe('An agent made with the kit', () => {
  it('reads its argument and prints one line of JSON', async () => {
    assert.deepEqual(parseOutput(await runAgent(agent, { act: 'echo', text: 'hi' })), { text: 'hi' });
  });

  it('reads stdin when the argument is a dash', async () => {
    const large = 'ä'.repeat(300_000);
    const stdin = JSON.stringify({ act: 'echo', text: large });
    assert.deepEqual(parseOutput(await runAgent(agent, '-', { stdin })), { text: large });
  });

  it('fails with "No input provided" without an argument', async () => {
    const result = await runAgent(agent, undefined);
    assert.equal(result.exitCode, 1);
    assert.equal(lastLog(result)?.['error'], 'No input provided');
    assert.equal(result.stdout, '');
  });

  it('fails on input that is no JSON', async () => {
    const result = await callAgent(agent, '{oops');
    assert.equal(result.exitCode, 1);
    assert.match(String(lastLog(result)?.['error']), /^Invalid JSON input: /);
  });

  it('names every path of input that does not fit the schema', async () => {
    const result = await callAgent(agent, { act: 'dance', text: 7 });
    assert.equal(result.exitCode, 1);
    assert.match(String(lastLog(result)?.['error']), /^Zod validation failed: act: .*; text: /);
  });

  it('keeps stdout for its output whatever else prints', async () => {
    const result = await runAgent(agent, { act: 'noise', text: 'clean' });
    assert.equal(result.stdout, '{"text":"clean"}\n');
    assert.match(result.stderr, /noise from a library\nmore noise\n/);
    assert.match(result.stderr, /noise at exit/);
  });

  it('exits with 1 for a failure that may be tried again', async () => {
    const result = await callAgent(agent, { act: 'fail' });
    assert.equal(result.exitCode, 1);
    assert.deepEqual(lastLog(result), { error: 'it broke', retryable: true });
  });

  it('exits with 2 for a failure that must not be tried again', async () => {
    const result = await callAgent(agent, { act: 'fail-for-good' });
    assert.equal(result.exitCode, 2);
    assert.deepEqual(lastLog(result), { error: 'it will always break', retryable: false });
  });

  it('prints what a failure has to show', async () => {
    const result = await callAgent(agent, { act: 'fail-with-output' });
    assert.equal(result.exitCode, 2);
    assert.equal(result.stdout, '{"text":"half"}\n');
    assert.deepEqual(lastLog(result), { error: 'it broke half way', retryable: false });
  });

  it('prints nothing when its output does not fit its schema', async () => {
    const result = await callAgent(agent, { act: 'bad-output' });
    assert.equal(result.exitCode, 1);
    assert.equal(result.stdout, '');
    assert.match(String(lastLog(result)?.['error']), /^The output does not fit its schema: text: /);
  });

  it('prints a large output to its end', async () => {
    const output = parseOutput<{ text: string }>(await runAgent(agent, { act: 'large' }));
    assert.equal(output.text.length, 8 * 1024 * 1024);
  });

  it('reports progress and levels on stderr', async () => {
    const { log, stderr } = await callAgent(agent, { act: 'progress' });
    assert.ok(stderr.includes('{"level":"info","progress":0.4,"msg":"scanning"}\n'));
    assert.deepEqual(log[1], { level: 'warn', file: 'a', msg: 'careful' });
    assert.ok(!stderr.includes('not shown'));
  });

  it('masks secrets in logs and errors', async () => {
    const token = 'correct-horse-battery';
    const { stderr } = await callAgent(agent, { act: 'leak' }, { env: { API_TOKEN: token } });
    assert.ok(!stderr.includes(token), stderr);
    assert.match(stderr, /the token is \*\*\*/);
    assert.match(stderr, /"error":"refused with \*\*\*"/);
  });

  it('knows which attempt of which node it is', async () => {
    const env = { RUN_ID: 'r', NODE_ID: 'n', ATTEMPT: '3', IDEMPOTENCY_KEY: 'k' };
    const { text: identity } = await outputOf<{ text: string }>(agent, { act: 'identity' }, { env });
    assert.deepEqual(JSON.parse(identity), { runId: 'r', nodeId: 'n', attempt: 3, idempotencyKey: 'k' });
  });

  for (const act of ['wait', 'stubborn']) {
    it(`ends on SIGTERM (${act})`, async () => {
      const child = startAgent(agent, JSON.stringify({ act }));
      const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
      child.stderr.once('data', () => child.kill('SIGTERM'));
      const [stderr, exitCode] = await Promise.all([text(child.stderr), closed]);
      assert.equal(exitCode, 1, stderr);
    });
  }
});

describe('An agent that a host keeps warm', () => {
  it('does nothing when it is imported, and runs when main is called', async () => {
    const { definition, outputs } = await loadTwice();
    assert.equal(typeof definition.main, 'function');
    assert.deepEqual(outputs, ['{"text":"1"}\n', '{"text":"2"}\n']);
  });

  it('reads the stdin that it is given', async () => {
    const { stdout } = await callAgent(agent, '-', { stdin: '{"act":"echo","text":"piped"}' });
    assert.equal(stdout, '{"text":"piped"}\n');
  });

  async function loadTwice() {
    const definition = await loadWarm(agent);
    const first = await callAgent(agent, { act: 'echo', text: '1' });
    const second = await callAgent(agent, { act: 'echo', text: '2' });
    return { definition, outputs: [first.stdout, second.stdout] };
  }
});
