import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { classifyAddress } from '../../agents/kit/http/address.ts';
import { compose } from '../../agents/notifier/compose.ts';
import { InputSchema, type Output } from '../../agents/notifier/schemas.ts';
import { agentPath, callAgent, outputOf, runAgent } from './support/run-agent.ts';

const agent = agentPath('notifier');
const ALLOWED = { NOTIFIER_ALLOW_PRIVATE: '1' };

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

describe('The notifier', () => {
  let server: Server;
  let received: Received[] = [];
  let answers: Answer[] = [];
  const url = (path = '/hooks/T0P-S3CRET-PATH') =>
    `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`;

  before(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({
          path: request.url,
          headers: request.headers,
          body: JSON.parse(body) as Record<string, unknown>,
        });
        const { status, headers } = answers.shift() ?? { status: 200 };
        response.writeHead(status, headers).end('ok');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    received = [];
    answers = [];
  });
  after(() => server.close());

  it('writes to the console, which is stderr', async () => {
    const { exitCode, stdout, log } = await runAgent(agent, {
      channel: 'console',
      message: 'Disk full',
      severity: 'critical',
    });
    assert.equal(exitCode, 0);
    assert.deepEqual([log[0]?.['msg'], log[0]?.['severity']], ['Disk full', 'critical']);
    const output = JSON.parse(stdout) as Output;
    assert.deepEqual(
      { ...output, messageId: null, timestamp: '' },
      { success: true, channel: 'console', messageId: null, timestamp: '', error: null },
    );
    assert.ok(!Number.isNaN(Date.parse(output.timestamp)));
  });

  for (const channel of ['slack', 'discord', 'teams', 'webhook'] as const) {
    it(`posts to ${channel} at the address of the secret`, async () => {
      const env = {
        ...ALLOWED,
        IDEMPOTENCY_KEY: 'run.node',
        [channel === 'webhook' ? 'WEBHOOK_URL' : `${channel.toUpperCase()}_WEBHOOK_URL`]: url(),
      };
      const output = await outputOf<Output>(agent, { channel, message: 'Hello' }, { env });
      assert.deepEqual([output.success, output.messageId], [true, 'run.node']);
      assert.equal(received.length, 1);
      assert.equal(received[0]?.headers['idempotency-key'], 'run.node');
      assert.ok(JSON.stringify(received[0].body).includes('Hello'));
    });
  }

  it('shows on every channel that an earlier message is over', async () => {
    const shown = { slack: '✅ Resolved', discord: '✅ Resolved', teams: '"color":"good"', webhook: '"resolved":true' };
    for (const [channel, sign] of Object.entries(shown)) {
      const env = {
        ...ALLOWED,
        [channel === 'webhook' ? 'WEBHOOK_URL' : `${channel.toUpperCase()}_WEBHOOK_URL`]: url(),
      };
      for (const resolved of [true, false]) {
        await outputOf<Output>(agent, { channel, message: 'Disk full', severity: 'critical', resolved }, { env });
        const body = JSON.stringify(received.pop()?.body);
        assert.equal(body.includes(sign), resolved, `${channel}: ${body}`);
      }
    }
  });

  it('tries again as long as Retry-After says', async () => {
    answers = [
      { status: 429, headers: { 'retry-after': '0.05' } },
      { status: 503, headers: { 'retry-after': '0' } },
    ];
    const output = await outputOf<Output>(
      agent,
      { channel: 'webhook', message: 'x', webhookUrl: url() },
      { env: ALLOWED },
    );
    assert.equal(output.success, true);
    assert.equal(received.length, 3);
    assert.equal(new Set(received.map(({ body }) => body['id'])).size, 1);
  });

  it('gives up at once when the channel refuses the message', async () => {
    answers = [{ status: 404 }];
    const { exitCode, stdout } = await callAgent(
      agent,
      { channel: 'slack', message: 'x', webhookUrl: url() },
      { env: ALLOWED },
    );
    assert.equal(exitCode, 2);
    const output = JSON.parse(stdout) as Output;
    assert.deepEqual([output.success, output.error], [false, 'Not delivered: the channel answered 404']);
  });

  it('leaves a long Retry-After to the engine', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '3600' } }];
    const { exitCode } = await callAgent(
      agent,
      { channel: 'slack', message: 'x', webhookUrl: url() },
      { env: ALLOWED },
    );
    assert.deepEqual([exitCode, received.length], [1, 1]);
  });

  it('follows no redirect', async () => {
    answers = [{ status: 302, headers: { location: url('/elsewhere') } }];
    const { exitCode } = await callAgent(
      agent,
      { channel: 'slack', message: 'x', webhookUrl: url() },
      { env: ALLOWED },
    );
    assert.deepEqual([exitCode, received.map(({ path }) => path)], [2, ['/hooks/T0P-S3CRET-PATH']]);
  });

  it('never prints the address', async () => {
    answers = [{ status: 500, headers: { 'retry-after': '0' } }, { status: 404 }];
    const secret = await callAgent(
      agent,
      { channel: 'slack', message: 'x' },
      { env: { ...ALLOWED, SLACK_WEBHOOK_URL: url() } },
    );
    const refused = await callAgent(agent, { channel: 'slack', message: 'x', webhookUrl: url() });
    const invalid = await callAgent(agent, {
      channel: 'slack',
      message: 'x',
      webhookUrl: 'ftp://host/T0P-S3CRET-PATH',
    });
    for (const { stdout, stderr } of [secret, refused, invalid]) assert.doesNotMatch(stdout + stderr, /S3CRET/);
  });

  it('refuses private addresses unless allowed, and names without an address', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '10.1.2.3', '0x7f.1', '[::ffff:127.0.0.1]']) {
      const { exitCode, stdout } = await callAgent(agent, {
        channel: 'webhook',
        message: 'x',
        webhookUrl: `http://${host}:9/`,
      });
      assert.equal(exitCode, 2, host);
      assert.match((JSON.parse(stdout) as Output).error ?? '', /private address is refused/, host);
    }
    assert.equal(received.length, 0);
  });

  it('says which secret is missing', async () => {
    const { exitCode, stdout } = await callAgent(agent, { channel: 'discord', message: 'x' });
    assert.equal(exitCode, 2);
    assert.match((JSON.parse(stdout) as Output).error ?? '', /DISCORD_WEBHOOK_URL/);
  });
});

describe("The notifier's messages", () => {
  const input = (message: string, metadata: Record<string, unknown> = {}) =>
    InputSchema.parse({ channel: 'slack', message, severity: 'error', metadata });

  it('cannot ping a whole Slack channel', () => {
    const body = JSON.stringify(compose('slack', input('<!channel> & more'), 'id'));
    assert.ok(body.includes('&lt;!channel&gt; &amp; more'));
  });

  it('stay within what the channels accept', () => {
    const metadata = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`key${String(at)}`, 'v'.repeat(3000)]));
    const slack = compose('slack', input('m'.repeat(19_000), metadata), 'id') as {
      blocks: { text?: { text: string }; fields?: unknown[] }[];
    };
    for (const block of slack.blocks) {
      assert.ok((block.text?.text.length ?? 0) <= 3000);
      assert.ok((block.fields?.length ?? 0) <= 10);
    }
    const discord = compose('discord', input('m'.repeat(19_000), metadata), 'id') as {
      embeds: { description: string; title: string; fields: { name: string; value: string }[] }[];
    };
    const [embed] = discord.embeds;
    const total =
      (embed?.title.length ?? 0) +
      (embed?.description.length ?? 0) +
      (embed?.fields ?? []).reduce((sum, { name, value }) => sum + name.length + value.length, 0);
    assert.ok(total <= 6000, String(total));
  });
});

describe('classifyAddress', () => {
  const cases: Record<ReturnType<typeof classifyAddress>, string[]> = {
    public: ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8'],
    private: [
      '127.0.0.1',
      '10.0.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '0.0.0.0',
      '100.64.0.1',
      '::1',
      '::',
      'fc00::1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::127.0.0.1',
    ],
    forbidden: [
      '169.254.169.254',
      'fe80::1',
      '224.0.0.1',
      '255.255.255.255',
      '100.100.100.200',
      'fd00:ec2::254',
      '::ffff:169.254.169.254',
    ],
  };
  for (const [kind, addresses] of Object.entries(cases)) {
    it(`knows ${kind} addresses`, () => {
      for (const address of addresses) assert.equal(classifyAddress(address), kind, address);
    });
  }
});
