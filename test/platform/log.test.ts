import assert from 'node:assert/strict';
import { createLogger, type Logger } from '../../platform/log.ts';
import type { LogLevel } from '../../platform/environment.ts';

interface Written {
  log: Logger;
  text(): string;
  last(): Record<string, unknown>;
}

function written(level: LogLevel = 'info', secrets: string[] = []): Written {
  const lines: string[] = [];
  const log = createLogger({ level, secrets, stream: { write: (line) => void lines.push(line) } });
  return {
    log,
    text: () => lines.join(''),
    last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>,
  };
}

describe('a log line', () => {
  it('is JSON with the level as a word, the time and the message', () => {
    const { log, last } = written();
    log.warn({ left: 2 }, 'nearly done');
    const { time, ...rest } = last();
    assert.deepEqual(rest, { level: 'warn', left: 2, msg: 'nearly done' });
    assert.ok(!Number.isNaN(Date.parse(String(time))));
  });

  it('carries component, run, node, attempt, worker and trace under one name each, from every ancestor', () => {
    const { log, last } = written();
    const worker = log.child({ component: 'Worker', workerId: 'w1' });
    worker.child({ runId: 'r1', traceId: 't1' }).info({ nodeId: 'scan', attempt: 2 }, 'claimed');
    const { component, run, node, attempt, worker: id, trace } = last();
    assert.deepEqual([component, run, node, attempt, id, trace], ['Worker', 'r1', 'scan', 2, 'w1', 't1']);
  });

  it('has no key "error" unless it is an error', () => {
    const { log, last, text } = written();
    log.info({ error: 'refused', tries: 1 }, 'trying again');
    assert.deepEqual([last().cause, last().tries], ['refused', 1]);
    log.warn({ err: new Error('refused') }, 'trying again');
    assert.ok(!text().includes('"error"'));
    log.error({ error: 'broken' }, 'gave up');
    assert.equal(last().error, 'broken');
  });

  it('keeps the cause of an error', () => {
    const { log, text } = written();
    log.error({ err: new Error('settle failed', { cause: new Error('connection reset') }) }, 'failed');
    assert.match(text(), /settle failed: connection reset/);
  });

  it('hides the values of secret keys, at up to three levels', () => {
    const { log, text } = written();
    log.info(
      {
        token: 'aaaa1',
        auth: { password: 'aaaa2' },
        request: { headers: { authorization: 'aaaa3', cookie: 'aaaa4' } },
      },
      'x',
    );
    assert.doesNotMatch(text(), /aaaa/);
  });

  it('hides known secrets wherever they stand, and passwords in addresses', () => {
    const { log, text } = written('info', ['s3cr3t-value']);
    const encoded = Buffer.from('user:s3cr3t-value').toString('base64');
    log
      .child({ note: 's3cr3t-value' })
      .info({ list: [`Basic ${encoded}`] }, 'calls postgres://user:pw-of-db@host/db with s3cr3t-value');
    log.error(new Error('cannot use s3cr3t-value'));
    assert.doesNotMatch(text(), /s3cr3t|czNjcjN0|pw-of-db/);
    assert.match(text(), /postgres:\/\/user:\*\*\*@host/);
  });

  it('is one line that a terminal does not obey, whatever is in it', () => {
    const { log, text, last } = written();
    const hostile = 'a\nb\r\u001b[31m\u009b31m\u007f\u2028\u202e';
    log.info({ hostile }, hostile);
    assert.equal(text().trimEnd().split('\n').length, 1);
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    assert.doesNotMatch(text().trimEnd(), /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    assert.equal(last().hostile, hostile);
  });

  it('is left out below the level', () => {
    const { log, text } = written('warn');
    log.info('too small');
    assert.equal(text(), '');
  });
});
