import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { AgentDescription } from '../../workers/agents/description.ts';
import type { ExecutionFailure, ExecutionRequest, ExecutionResult } from '../../workers/executors/executor.ts';
import { fixtureAgents, request, textOf } from '../executors/requests.ts';
import { untilGone } from '../executors/running.ts';
import { waitFor } from '../support/wait-for.ts';
import { SUBJECTS, type Subject } from './subjects.ts';

/** Sleeping agents and their children would end by themselves after a minute; what ended before was stopped. */
const BY_ITSELF_MS = 50_000;

const CANARY = 'canary-Zq7vT3-do-not-show';

interface Breakage {
  readonly title: string;
  readonly input: JsonObject;
  readonly code: ErrorCode;
  readonly message: RegExp;
  readonly retryable: boolean;
  readonly exitCode: number | null;
  /** Checked also where each attempt costs a second. */
  readonly always?: true;
}

/** Every way to break, and what is said about it. */
const BREAKAGES: readonly Breakage[] = [
  {
    title: 'prints nothing',
    always: true,
    input: { do: 'nothing' },
    code: 'AGENT_NO_OUTPUT',
    message: /printed nothing on stdout/,
    retryable: true,
    exitCode: 0,
  },
  {
    title: 'prints half of its JSON',
    input: { do: 'invalid' },
    code: 'AGENT_INVALID_OUTPUT',
    message: /no JSON.*began with: \{"findings": \[1, 2/,
    retryable: true,
    exitCode: 0,
  },
  {
    title: 'prints words',
    input: { do: 'words' },
    code: 'AGENT_INVALID_OUTPUT',
    message: /no JSON.*all is well/,
    retryable: true,
    exitCode: 0,
  },
  {
    title: 'prints a log line before its JSON',
    always: true,
    input: { do: 'noise' },
    code: 'AGENT_INVALID_OUTPUT',
    message: /2 lines.*line 2 is the JSON.*stderr.*Loading rules/,
    retryable: true,
    exitCode: 0,
  },
  {
    title: 'prints words around its JSON',
    input: { do: 'around' },
    code: 'AGENT_INVALID_OUTPUT',
    message: /text around the JSON.*result: \{"findings":\[\]\} \(done\)/,
    retryable: true,
    exitCode: 0,
  },
  {
    title: 'prints several results',
    input: { do: 'several' },
    code: 'AGENT_INVALID_OUTPUT',
    message: /3 lines.*3 of them are JSON.*\{"part":1\}/,
    retryable: true,
    exitCode: 0,
  },
  {
    title: 'prints its JSON over several lines',
    input: { do: 'pretty' },
    code: 'AGENT_INVALID_OUTPUT',
    message: /JSON over 4 lines instead of one/,
    retryable: true,
    exitCode: 0,
  },
  {
    title: 'exits with 1 and says why',
    always: true,
    input: { do: 'fail', code: 1, error: 'ENOENT: no such folder' },
    code: 'AGENT_FAILED',
    message: /^ENOENT: no such folder$/,
    retryable: true,
    exitCode: 1,
  },
  {
    title: 'says that it must not be retried',
    input: { do: 'fail', code: 1, error: 'bad key', retryable: false },
    code: 'AGENT_REFUSED',
    message: /^bad key$/,
    retryable: false,
    exitCode: 1,
  },
  {
    title: 'exits with 2',
    always: true,
    input: { do: 'fail', code: 2, error: 'unknown option' },
    code: 'AGENT_REFUSED',
    message: /^unknown option$/,
    retryable: false,
    exitCode: 2,
  },
  {
    title: 'exits with 7 without a word',
    input: { do: 'quit', code: 7 },
    code: 'AGENT_FAILED',
    message: /exited with code 7 and printed nothing/,
    retryable: true,
    exitCode: 7,
  },
  {
    title: 'throws',
    input: { do: 'throw' },
    code: 'AGENT_FAILED',
    message: /exited with code 1; its last words.*something broke inside/s,
    retryable: true,
    exitCode: 1,
  },
];

before(async () => {
  AGENTS = await fixtureAgents();
});
let AGENTS: ReadonlyMap<string, AgentDescription> = new Map();

for (const kind of SUBJECTS) {
  describe(`Executor: ${kind.title}`, () => {
    let subject: Subject;
    const chameleon = () => agentNamed('chameleon');
    const run = (input: Json, changes: Partial<ExecutionRequest> = {}) =>
      subject.execute(request(chameleon(), input, changes));

    before(async () => {
      subject = await kind.create();
    });
    after(() => subject.close());
    afterEach(async () => {
      await waitFor(() => subject.leftovers().length === 0, {
        describe: 'no process or folder to be left',
        timeoutMs: 5_000,
      });
    });

    it('gives the output of an agent, which knows its attempt', async () => {
      const result = await run(
        { do: 'echo', value: { ключ: ['ü', null, 1.5] } },
        { attempt: 3, idempotencyKey: 'k-3' },
      );
      assert.deepEqual(outputOf(result), { value: { ключ: ['ü', null, 1.5] }, attempt: '3', key: 'k-3' });
      assert.equal(result.exitCode, 0);
      assert.ok(result.durationMs >= 0);
    });

    it('passes an input of 3 MB on stdin and a small one as the argument', async () => {
      const value = 'ß'.repeat(1_500_000);
      assert.deepEqual(outputOf(await run({ do: 'measure', value })), { argument: '-', length: 1_500_002 });
      assert.deepEqual(outputOf(await run({ do: 'measure', value: 'x' })), { argument: '{', length: 3 });
    });

    it('takes an output of 10 MB', async () => {
      const bytes = 10 * 1024 * 1024;
      assert.equal((outputOf(await run({ do: 'large', bytes })) as string).length, bytes - 3);
    });

    for (const breakage of BREAKAGES.filter(({ always }) => kind.quick || always)) {
      const { title, input, code, message, retryable, exitCode } = breakage;
      it(`says what is wrong with an agent that ${title}`, async () => {
        const failure = failureOf(await run(input));
        assert.match(failure.message, message);
        assert.deepEqual(
          { code: failure.code, retryable: failure.retryable, exitCode: failure.exitCode },
          { code, retryable, exitCode },
        );
      });
    }

    it('says which signal killed an agent', async () => {
      const failure = failureOf(await run({ do: 'signal', signal: 'SIGKILL' }));
      assert.equal(failure.code, 'AGENT_KILLED');
      assert.match(failure.message, /SIGKILL.*about to die/);
      assert.ok(failure.signal === 'SIGKILL' || failure.exitCode === 137);
    });

    it('refuses an output above the limit', async () => {
      const failure = failureOf(await run({ do: 'large', bytes: 2_000_000 }, { maxOutputBytes: 1_000_000 }));
      assert.equal(failure.code, 'AGENT_OUTPUT_TOO_LARGE');
      assert.match(failure.message, /more than the 1000000 bytes.*AGENT_MAX_OUTPUT_BYTES.*xxx/);
      assert.equal(failure.retryable, false);
    });

    if (kind.quick) {
      it('stops an agent that prints without end', async () => {
        const failure = failureOf(await run({ do: 'flood' }, { maxOutputBytes: 1_000_000 }));
        assert.equal(failure.code, 'AGENT_OUTPUT_TOO_LARGE');
      });
    }

    it('stops an agent at its time limit', async () => {
      const failure = failureOf(await run({ do: 'sleep' }, { timeoutMs: kind.quick ? 700 : 2_500 }));
      assert.equal(failure.code, 'TIMEOUT');
      assert.match(failure.message, /time limit of (0\.7|2\.5) s/);
      assert.ok(failure.durationMs < BY_ITSELF_MS, `took ${String(failure.durationMs)} ms`);
    });

    it('cancels an agent while it runs', async () => {
      const cancel = new AbortController();
      const recorded = request(chameleon(), { do: 'sleep' }, { signal: cancel.signal });
      const result = subject.execute(recorded);
      await subject.untilStarted(recorded);
      cancel.abort();
      const { code, retryable, durationMs } = failureOf(await result);
      assert.deepEqual({ code, retryable }, { code: 'CANCELLED', retryable: false });
      assert.ok(durationMs < BY_ITSELF_MS);
    });

    it('kills an agent that ignores the request to stop', async () => {
      const failure = failureOf(await run({ do: 'stubborn' }, { timeoutMs: kind.quick ? 1_000 : 2_500 }));
      assert.equal(failure.code, 'TIMEOUT');
      assert.ok(failure.durationMs < BY_ITSELF_MS, `took ${String(failure.durationMs)} ms`);
    });

    it('starts nothing when it was cancelled before', async () => {
      const recorded = request(chameleon(), { do: 'lines', count: 1, pauseMs: 0 }, { signal: AbortSignal.abort() });
      assert.equal(failureOf(await subject.execute(recorded)).code, 'CANCELLED');
      assert.deepEqual(recorded.lines, []);
    });

    it('logs the lines of stderr in their order, each with its time', async () => {
      const recorded = request(chameleon(), { do: 'lines', count: 4, pauseMs: 20 });
      assert.equal(outputOf(await subject.execute(recorded)), 'done');
      assert.deepEqual(
        recorded.lines.map(({ text }) => text),
        ['line 1', 'line 2', 'line 3', 'line 4'],
      );
      const times = recorded.lines.map(({ at }) => at.getTime());
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    });

    if (kind.logsLive) {
      it('shows the lines of stderr while the agent runs', async () => {
        const recorded = request(chameleon(), { do: 'lines', count: 2, pauseMs: 300 });
        let ended = false;
        const result = subject.execute(recorded).finally(() => (ended = true));
        await subject.untilStarted(recorded);
        assert.equal(ended, false);
        await result;
      });
    }

    it('passes nothing of the server’s environment', async () => {
      process.env.SERVER_ONLY = 'yes';
      try {
        const { names } = outputOf(await run({ do: 'environment' }, { traceparent: '00-1-2-01' })) as {
          names: string[];
        };
        for (const name of ['RUN_ID', 'NODE_ID', 'ATTEMPT', 'IDEMPOTENCY_KEY', 'TRACEPARENT', 'PATH', 'HOME']) {
          assert.ok(names.includes(name), `${name} is missing`);
        }
        for (const name of ['SERVER_ONLY', 'COMMANDCENTER_WARM', 'DATABASE_URL']) {
          assert.ok(!names.includes(name), `${name} is there`);
        }
      } finally {
        delete process.env.SERVER_ONLY;
      }
    });

    for (const how of kind.quick ? ['output', 'noise', 'error'] : ['output']) {
      it(`shows no secret that an agent prints (${how})`, async () => {
        const recorded = request(chameleon(), { do: 'leak', how }, { secrets: { CANARY } });
        const result = await subject.execute(recorded);
        const shown = `${JSON.stringify(result)}\n${textOf(recorded)}`;
        for (const form of [CANARY, CANARY.slice(0, 20), Buffer.from(CANARY).toString('base64').slice(0, 20)]) {
          assert.ok(!shown.includes(form), `${form} in ${shown}`);
        }
        assert.match(shown, /token \*\*\*/);
        assert.match(shown, /split \*\*\*/);
      });
    }

    it('keeps secrets out of every command line', async () => {
      const recorded = request(chameleon(), { do: 'lines', count: 3, pauseMs: 100 }, { secrets: { CANARY } });
      const result = subject.execute(recorded);
      await subject.untilStarted(recorded);
      assert.ok(!commandLines().some((line) => line.includes(CANARY)));
      outputOf(await result);
    });

    it('does not wait for a grandchild that holds stdout, and ends it', async () => {
      const result = await run({ do: 'child', holds: true });
      const { pid } = outputOf(result) as { pid: number };
      assert.ok(result.durationMs < BY_ITSELF_MS, `took ${String(result.durationMs)} ms`);
      await untilGone(pid);
    });

    if (kind.limitsMemory) {
      it('ends a grandchild that daemonised', async () => {
        const { pid } = outputOf(await run({ do: 'child', daemon: true })) as { pid: number };
        await untilGone(pid);
      });
    }

    if (kind.limitsMemory) {
      it('kills an agent whose buffers pass the memory limit, and only it', async () => {
        const [hungry, modest] = await Promise.all([
          run({ do: 'buffers' }, { memoryMb: 128 }),
          run({ do: 'echo', value: 1 }),
        ]);
        assert.equal(failureOf(hungry).code, 'AGENT_OUT_OF_MEMORY');
        assert.match(failureOf(hungry).message, /128 MB.*AGENT_MAX_MEMORY_MB/);
        assert.equal(modest.ok, true);
      });

      it('knows that an agent whose heap passes the memory limit ran out of memory', async () => {
        assert.equal(failureOf(await run({ do: 'heap' }, { memoryMb: 96 })).code, 'AGENT_OUT_OF_MEMORY');
      });
    }

    it('runs an agent made with the kit', async () => {
      const recorded = request(agentNamed('kit-echo'), { value: [1, { two: 2 }] }, { attempt: 2 });
      assert.deepEqual(outputOf(await subject.execute(recorded)), { value: [1, { two: 2 }], attempt: 2 });
      assert.match(textOf(recorded), /echoing/);
    });

    // what goes through the same code for all executors is tried where it costs little
    if (kind.quick) {
      it('keeps to the cancel when the agent still succeeds', async () => {
        const cancel = new AbortController();
        const recorded = request(chameleon(), { do: 'polite' }, { signal: cancel.signal });
        const result = subject.execute(recorded);
        await subject.untilStarted(recorded);
        cancel.abort();
        assert.equal(failureOf(await result).code, 'CANCELLED');
      });

      it('reports progress', async () => {
        const recorded = request(chameleon(), { do: 'progress' });
        await subject.execute(recorded);
        assert.deepEqual(recorded.steps, [{ fraction: 0.4, message: 'scanning' }]);
      });

      it('ends the log of a talkative agent at 1 MiB, says so, and still knows its last words', async () => {
        const recorded = request(chameleon(), { do: 'verbose', bytes: 3_000_000 });
        const failure = failureOf(await subject.execute(recorded));
        assert.equal(failure.message, 'the very last line');
        const text = textOf(recorded);
        assert.ok(Buffer.byteLength(text) < 1_060_000);
        assert.match(recorded.lines.at(-1)?.text ?? '', /log ends here.*1 MiB/);
      });

      it('cuts a line of 5 MB', async () => {
        const recorded = request(chameleon(), { do: 'endless', bytes: 5_000_000 });
        assert.equal(outputOf(await subject.execute(recorded)), 'done');
        assert.equal(recorded.lines.length, 1);
        assert.match(textOf(recorded), /^e{16384}… \(4983616 more characters cut\)$/);
      });

      it('tells what the kit says about a wrong input', async () => {
        const failure = failureOf(await subject.execute(request(agentNamed('kit-echo'), { value: 1, more: true })));
        assert.match(failure.message, /Zod validation failed.*more/);
      });
    }

    it('runs agents in Python and in shell', async () => {
      const text = 'three words here';
      assert.deepEqual(outputOf(await subject.executor.execute(request(agentNamed('python-counter'), { text }))), {
        words: 3,
      });
      const shell = request(agentNamed('shell-counter'), { text });
      assert.deepEqual(outputOf(await subject.executor.execute(shell)), { bytes: 27 });
      // the fake engine gives programs a socket, which /dev/stderr cannot be opened on
      if (kind.quick) assert.equal(textOf(shell), 'counting');
    });

    it('says what to do about an agent whose program is gone', async () => {
      const gone = { ...chameleon(), directory: '/nowhere', entry: '/nowhere/entry.mjs' };
      const failure = failureOf(await subject.executor.execute(request(gone, { do: 'echo' })));
      assert.match(failure.message, /chameleon cannot be started: .*ENOENT.*\/nowhere/);
      assert.equal(failure.retryable, false);
    });

    it(`runs ${kind.concurrency} agents at once without mixing their outputs`, async () => {
      const requests = Array.from({ length: kind.concurrency }, (_, index) =>
        request(chameleon(), { do: 'echo', value: index }),
      );
      const results = await Promise.all(requests.map((one) => subject.executor.execute({ ...one, timeoutMs: 60_000 })));
      assert.deepEqual(
        results.map((result) => (outputOf(result) as { value: number }).value),
        [...requests.keys()],
      );
    }).timeout(60_000);
  });
}

function agentNamed(name: string): AgentDescription {
  const agent = AGENTS.get(name);
  assert.ok(agent, `no fixture ${name}`);
  return agent;
}

function outputOf(result: ExecutionResult): Json {
  assert.ok(result.ok, JSON.stringify(result));
  return result.output;
}

function failureOf(result: ExecutionResult): ExecutionFailure {
  assert.ok(!result.ok, 'it succeeded');
  return result;
}

function commandLines(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}
