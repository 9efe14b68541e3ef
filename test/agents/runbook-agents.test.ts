import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Output as HttpOutput } from '../../agents/http-check/schemas.ts';
import type { Output as QueryOutput } from '../../agents/prometheus-query/schemas.ts';
import type { Output as ShellOutput } from '../../agents/shell/schemas.ts';
import { agentPath, callAgent, outputOf, parseOutput, runAgent } from './support/run-agent.ts';

describe('The agents of runbooks', () => {
  let server: Server;
  let requests: { path: string; body: string; authorization: string | undefined }[] = [];
  let answers: { status: number; body: string }[] = [];
  const url = (path = '/') => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`;

  before(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        requests.push({ path: request.url ?? '', body, authorization: request.headers.authorization });
        const answer = answers.shift() ?? { status: 200, body: 'ok' };
        response.writeHead(answer.status).end(answer.body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    requests = [];
    answers = [];
  });
  after(() => server.close());

  describe('http-check', () => {
    const agent = agentPath('http-check');

    it('says that an endpoint is well', async () => {
      const output = parseOutput<HttpOutput>(await runAgent(agent, { url: url(), expectBody: 'ok' }));
      assert.deepEqual(
        { ...output, latencyMs: 0 },
        { healthy: true, status: 200, latencyMs: 0, attempts: 1, problems: [] },
      );
    });

    it('says what is wrong with one', async () => {
      answers = [{ status: 503, body: 'down' }];
      const output = await outputOf<HttpOutput>(agent, { url: url(), expectBody: 'ok' });
      assert.deepEqual(output.problems, ['the status is 503', 'the body does not contain the expected text']);
      answers = [{ status: 404, body: '' }];
      assert.equal((await outputOf<HttpOutput>(agent, { url: url(), expectStatus: [404] })).healthy, true);
    });

    it('asks again before it says so, and fails the node when told', async () => {
      answers = [
        { status: 500, body: '' },
        { status: 500, body: '' },
      ];
      const { exitCode, stdout } = await callAgent(agent, { url: url(), retries: 1, failWhenIll: true });
      assert.deepEqual([exitCode, (JSON.parse(stdout) as HttpOutput).attempts], [1, 2]);
    });

    it('takes an endpoint that nobody serves for ill, and refuses metadata addresses', async () => {
      const output = await outputOf<HttpOutput>(agent, { url: 'http://127.0.0.1:1/' });
      assert.deepEqual([output.status, output.problems], [null, ['the connection failed (ECONNREFUSED)']]);
      assert.equal((await callAgent(agent, { url: 'http://169.254.169.254/' })).exitCode, 2);
    });
  });

  describe('prometheus-query', () => {
    const agent = agentPath('prometheus-query');
    const vector = (...values: string[]) => ({
      status: 200,
      body: JSON.stringify({
        status: 'success',
        data: {
          resultType: 'vector',
          result: values.map((value, at) => ({ metric: { at: String(at) }, value: [1, value] })),
        },
      }),
    });
    const condition = { operator: '>', value: 0.9 };

    it('says whether a condition holds of every series', async () => {
      for (const [values, holds] of [
        [['0.95', '1'], true],
        [['0.95', '0.5'], false],
        [[], false],
        [['NaN'], false],
      ] as const) {
        answers = [vector(...values)];
        assert.equal(
          (await outputOf<QueryOutput>(agent, { url: url(), query: 'up', condition })).holds,
          holds,
          values.join(),
        );
      }
      assert.equal(requests[0]?.path, '/api/v1/query');
      assert.equal(requests[0].body, 'query=up');
    });

    it('asks for ranges at the address and with the token of the environment', async () => {
      answers = [
        {
          status: 200,
          body: JSON.stringify({
            status: 'success',
            data: {
              resultType: 'matrix',
              result: [
                {
                  metric: {},
                  values: [
                    [1, '1'],
                    [2, '+Inf'],
                  ],
                },
              ],
            },
          }),
        },
      ];
      const env = { PROMETHEUS_URL: url('/prom'), PROMETHEUS_TOKEN: 'abcdef' };
      const output = await outputOf<QueryOutput>(
        agent,
        { query: 'up', range: { start: 1, end: 2, stepSeconds: 1 } },
        { env },
      );
      assert.deepEqual(output.series, [
        {
          labels: {},
          samples: [
            [1, 1],
            [2, null],
          ],
        },
      ]);
      assert.deepEqual([requests[0]?.path, requests[0]?.authorization], ['/prom/api/v1/query_range', 'Bearer abcdef']);
    });

    it('does not try a wrong query again', async () => {
      answers = [
        { status: 400, body: '{"status":"error","error":"parse error"}' },
        { status: 503, body: '' },
      ];
      const wrong = await callAgent(agent, { url: url(), query: 'up{' });
      assert.deepEqual([wrong.exitCode, wrong.log.at(-1)?.['error']], [2, 'Prometheus refuses the query: parse error']);
      assert.equal((await callAgent(agent, { url: url(), query: 'up' })).exitCode, 1);
    });
  });

  describe('shell', () => {
    const agent = agentPath('shell');
    const env = { SHELL_ALLOWED_COMMANDS: 'echo, sh -c exit, cat, sleep, env', API_TOKEN: 'secret-token' };

    it('runs an allowed command without a shell', async () => {
      const output = await outputOf<ShellOutput>(agent, { command: 'echo', args: ['a; id', '$HOME'] }, { env });
      assert.deepEqual([output.exitCode, output.stdout], [0, 'a; id $HOME\n']);
    });

    it('runs nothing else', async () => {
      for (const input of [{ command: 'id' }, { command: 'sh', args: ['-c', 'id'] }, { command: '/bin/echo' }]) {
        assert.equal((await callAgent(agent, input, { env })).exitCode, 2, JSON.stringify(input));
      }
      assert.equal((await callAgent(agent, { command: 'echo' })).exitCode, 2);
      assert.equal((await callAgent(agent, { command: 'echo hi' }, { env })).exitCode, 1);
    });

    it('passes stdin and no secrets', async () => {
      assert.equal((await outputOf<ShellOutput>(agent, { command: 'cat', stdin: 'text' }, { env })).stdout, 'text');
      assert.doesNotMatch((await outputOf<ShellOutput>(agent, { command: 'env' }, { env })).stdout, /secret-token/);
    });

    it('fails when the command does, with what it printed', async () => {
      const failed = await callAgent(agent, { command: 'cat', args: ['/does/not/exist'] }, { env });
      assert.equal(failed.exitCode, 1);
      assert.match((JSON.parse(failed.stdout) as ShellOutput).stderr, /No such file/);
      assert.equal(
        (
          await outputOf<ShellOutput>(
            agent,
            { command: 'cat', args: ['/does/not/exist'], allowedExitCodes: [1] },
            { env },
          )
        ).exitCode,
        1,
      );
    });

    it('ends a command that takes too long', async () => {
      const slow = await callAgent(agent, { command: 'sleep', args: ['30'], timeoutSeconds: 0.2 }, { env });
      assert.deepEqual([slow.exitCode, slow.log.at(-1)?.['error']], [1, 'sleep did not end within 0.2 s']);
    });
  });
});
