import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Output } from '../../agents/notifier/schemas.ts';
import { makeCertificate, type Certificate } from './support/certificate.ts';
import { agentPath, callAgent, outputOf } from './support/run-agent.ts';

const agent = agentPath('notifier');
const PASSWORD = 'correct-horse-battery';
const message = { channel: 'email', message: 'Disk is <full>', severity: 'critical', metadata: { host: 'db-1' } };

interface Received {
  readonly from: string;
  readonly to: string[];
  readonly secure: boolean;
  readonly user: unknown;
  readonly source: string;
}

/** A mail server of this machine that keeps what it accepts. */
async function startMailServer(options: SMTPServerOptions) {
  const received: Received[] = [];
  const refusals: Error[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password }, _session, callback) => {
      if (password === PASSWORD) callback(null, { user: username });
      else callback(new Error('wrong password'));
    },
    onRcptTo: ({ address }, _session, callback) => {
      callback(address.startsWith('nobody@') ? answerOf(550, 'no such mailbox') : null);
    },
    onData: (stream, { envelope, secure, user }, callback) => {
      void text(stream).then((source) => {
        const refusal = refusals.shift();
        if (refusal === undefined)
          received.push({
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            to: envelope.rcptTo.map(({ address }) => address),
            secure,
            user: user as unknown,
            source,
          });
        callback(refusal ?? null);
      });
    },
    ...options,
  });
  server.on('error', () => undefined); // clients that trust nobody hang up
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    received,
    refusals,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}

function answerOf(responseCode: number, reason: string): Error {
  return Object.assign(new Error(reason), { responseCode });
}

describe('The notifier, by email', () => {
  let certificate: Certificate;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  const env = (changes: Record<string, string> = {}) => ({
    NOTIFIER_ALLOW_PRIVATE: '1',
    SMTP_URL: `smtp://me%40shop.example:${PASSWORD}@localhost:${String(server.port)}`,
    SMTP_FROM: 'alerts@shop.example',
    SMTP_TO: 'ops@shop.example, boss@shop.example',
    SMTP_CA: certificate.cert,
    ...changes,
  });
  const errorOf = async (input: object, changes: Record<string, string> = {}) => {
    const { exitCode, stdout, stderr } = await callAgent(agent, input, { env: env(changes) });
    assert.doesNotMatch(stdout + stderr, new RegExp(`${PASSWORD}|localhost|127\\.0\\.0\\.1`));
    return [exitCode, (JSON.parse(stdout) as Output).error];
  };

  before(async function () {
    const made = makeCertificate();
    if (made === undefined) return this.skip();
    certificate = made;
    server = await startMailServer(certificate);
  });
  beforeEach(() => server.received.splice(0));
  after(() => server.close());

  it('sends over TLS, logged in, to whom the secrets name', async () => {
    const output = await outputOf<Output>(agent, message, { env: { ...env(), IDEMPOTENCY_KEY: 'run/node' } });
    assert.deepEqual([output.success, output.messageId, output.error], [true, 'run/node', null]);
    const [mail] = server.received;
    assert.deepEqual(
      [mail?.from, mail?.to, mail?.secure, mail?.user],
      ['alerts@shop.example', ['ops@shop.example', 'boss@shop.example'], true, 'me@shop.example'],
    );
    const source = mail?.source ?? '';
    assert.match(source, /^Message-ID: <run-node@commandcenter>\r$/m);
    assert.match(source, /^Subject: =\?UTF-8\?.*Critical/m);
    assert.match(source, /Disk is <full>\r\n\r\nhost: db-1/);
    assert.match(source, /Disk is &lt;full&gt;/);
  });

  it('sends to whom the input names, and goes on when one of them is refused', async () => {
    const to = ['nobody@shop.example', 'me@shop.example'];
    const { exitCode, log } = await callAgent(agent, { ...message, to, from: 'me@shop.example' }, { env: env() });
    assert.equal(exitCode, 0);
    assert.deepEqual(log, [{ level: 'warn', refused: 1, of: 2, msg: 'Some recipients were refused' }]);
    assert.deepEqual(server.received[0]?.to, ['me@shop.example']);
  });

  it('tries again as long as the server asks for it, with the same id', async () => {
    server.refusals.push(answerOf(451, 'greylisted'));
    const output = await outputOf<Output>(agent, message, { env: env() });
    assert.equal(output.success, true);
    assert.equal(server.received.length, 1);
  });

  it('gives up at once on what no other try mends', async () => {
    server.refusals.push(answerOf(554, 'spam'));
    assert.deepEqual(await errorOf(message), [2, 'Not delivered: the mail server answered 554 (EMESSAGE)']);
    assert.deepEqual(
      await errorOf(message, { SMTP_URL: `smtp://me:wrong-password@localhost:${String(server.port)}` }),
      [2, 'Not delivered: the mail server answered 535 (EAUTH)'],
    );
    assert.deepEqual(await errorOf({ ...message, to: ['nobody@shop.example'] }), [
      2,
      'Not delivered: the mail server answered 550 (EENVELOPE)',
    ]);
  });

  it('sends nothing to a server whose certificate it does not trust', async () => {
    const { SMTP_CA: _, ...strangers } = env();
    const { exitCode, stdout } = await callAgent(agent, message, { env: strangers });
    assert.equal(exitCode, 2);
    assert.match((JSON.parse(stdout) as Output).error ?? '', /certificate of the mail server is not trusted/);
    assert.equal(server.received.length, 0);
  });

  it('speaks TLS from the first byte for smtps, and none where told', async () => {
    const [implicit, open] = await Promise.all([
      startMailServer({ ...certificate, secure: true }),
      startMailServer({ disabledCommands: ['STARTTLS'], authOptional: true }),
    ]);
    try {
      const SMTP_URL = `smtps://me:${PASSWORD}@localhost:${String(implicit.port)}`;
      assert.equal((await outputOf<Output>(agent, message, { env: env({ SMTP_URL }) })).success, true);
      const plain = `smtp://localhost:${String(open.port)}`;
      assert.match(String((await errorOf(message, { SMTP_URL: plain }))[1]), /offers no TLS/);
      assert.equal(open.received.length, 0);
      const told = await outputOf<Output>(agent, message, { env: env({ SMTP_URL: `${plain}?tls=none` }) });
      assert.equal(told.success, true);
      assert.deepEqual(
        [implicit.received, open.received].map(([mail]) => mail?.secure),
        [true, false],
      );
    } finally {
      await Promise.all([implicit.close(), open.close()]);
    }
  });

  it('refuses private addresses unless allowed', async () => {
    assert.deepEqual(await errorOf(message, { NOTIFIER_ALLOW_PRIVATE: '' }), [
      2,
      'Not delivered: a private address is refused (NOTIFIER_ALLOW_PRIVATE=1 allows it)',
    ]);
    assert.equal(server.received.length, 0);
  });

  it('says what is missing, and shows no value of what is wrong', async () => {
    const { SMTP_URL: _url, SMTP_FROM: _from, ...rest } = env();
    const missing = await callAgent(agent, message, { env: rest });
    assert.match((JSON.parse(missing.stdout) as Output).error ?? '', /set the secret SMTP_URL/);
    const { SMTP_FROM: _, ...senderless } = env();
    const from = await callAgent(agent, message, { env: senderless });
    assert.match((JSON.parse(from.stdout) as Output).error ?? '', /needs from: .*SMTP_FROM/);
    assert.match(String((await errorOf(message, { SMTP_URL: `http://x:${PASSWORD}@y` }))[1]), /no smtp or smtps URL/);
    assert.match(String((await errorOf(message, { SMTP_URL: 'smtp://y?tls=maybe' }))[1]), /unknown tls/);
  });
});
