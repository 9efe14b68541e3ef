import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createLifecycle, type Service } from '../../platform/lifecycle.ts';
import { createLogger } from '../../platform/log.ts';

const log = createLogger({ level: 'silent' });

/** Services that write what happens to them into one journal. */
function journal() {
  const events: string[] = [];
  const service = (name: string, overrides: Partial<Service> = {}): Service => ({
    name,
    start: () => Promise.resolve(void events.push(`start ${name}`)),
    stop: () => Promise.resolve(void events.push(`stop ${name}`)),
    ...overrides,
  });
  return { events, service };
}

class FakeProcess extends EventEmitter {
  exit(code: number): void {
    this.emit('exited', code);
  }
}

describe('a lifecycle', () => {
  it('starts in order and stops in reverse', async () => {
    const { events, service } = journal();
    const lifecycle = createLifecycle([service('database'), service('worker'), service('api')], log);
    await lifecycle.start();
    assert.equal(await lifecycle.stop(), true);
    assert.deepEqual(events, [
      'start database',
      'start worker',
      'start api',
      'stop api',
      'stop worker',
      'stop database',
    ]);
  });

  it('stops what had started when a start fails, and throws the reason', async () => {
    const { events, service } = journal();
    const broken = service('worker', { start: () => Promise.reject(new Error('no Redis')) });
    const lifecycle = createLifecycle([service('database'), broken, service('api')], log);
    await assert.rejects(lifecycle.start(), /no Redis/);
    assert.deepEqual(events, ['start database', 'stop database']);
  });

  it('goes on to the next when one does not stop in time or fails, and says so', async () => {
    const { events, service } = journal();
    const hanging = service('api', { stop: () => new Promise(() => undefined) });
    const failing = service('worker', { stop: () => Promise.reject(new Error('cannot')) });
    const lifecycle = createLifecycle([service('database'), failing, hanging], log);
    await lifecycle.start();
    assert.equal(await lifecycle.stop(1), false);
    assert.equal(events.at(-1), 'stop database');
  });

  it('tells each service how long it has', async () => {
    const deadlines: number[] = [];
    const { service } = journal();
    const asked = service('worker', { stop: (ms) => Promise.resolve(void deadlines.push(ms)) });
    const lifecycle = createLifecycle([asked], log);
    await lifecycle.start();
    await lifecycle.stop(5_000);
    assert.ok(deadlines[0] !== undefined && deadlines[0] > 4_000 && deadlines[0] <= 5_000);
  });

  it('stops once, however often it is asked', async () => {
    const { events, service } = journal();
    const lifecycle = createLifecycle([service('api')], log);
    await lifecycle.start();
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    assert.deepEqual(events, ['start api', 'stop api']);
  });

  it('starts nothing further when it is stopped while it starts', async () => {
    const { events, service } = journal();
    let go: () => void = () => undefined;
    const slow = service('database', { start: () => new Promise((resolve) => (go = resolve)) });
    const lifecycle = createLifecycle([slow, service('api')], log);
    const started = lifecycle.start();
    const stopped = lifecycle.stop();
    go();
    await Promise.all([started, stopped]);
    assert.deepEqual(events, ['stop database']);
  });

  it('stops and exits with 0 on a first signal', async () => {
    const { events, service } = journal();
    const lifecycle = createLifecycle([service('api')], log);
    const source = new FakeProcess();
    await lifecycle.start();
    lifecycle.exitOnSignals(source);
    const exited = once(source, 'exited');
    source.emit('SIGTERM', 'SIGTERM');
    assert.deepEqual(await exited, [0]);
    assert.deepEqual(events, ['start api', 'stop api']);
  });

  it('exits at once on a second signal', async () => {
    const { service } = journal();
    const lifecycle = createLifecycle([service('api', { stop: () => new Promise(() => undefined) })], log);
    const source = new FakeProcess();
    await lifecycle.start();
    const forget = lifecycle.exitOnSignals(source);
    const exited = once(source, 'exited');
    source.emit('SIGINT', 'SIGINT');
    source.emit('SIGINT', 'SIGINT');
    assert.deepEqual(await exited, [130]);
    forget();
    assert.equal(source.listenerCount('SIGTERM'), 0);
    void lifecycle.stop();
  });
});
