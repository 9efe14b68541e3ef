import assert from 'node:assert/strict';
import { createRunWatch, type RunWatch } from '../../api/runs/run-watch.ts';
import { createHints, type Hints } from '../../platform/hints.ts';
import { createLogger } from '../../platform/log.ts';
import { testPrefix } from '../support/redis.ts';

const log = createLogger({ level: 'silent' });

describe('the watch over runs', () => {
  const { redisUrl, prefix, cleanup } = testPrefix('watch');
  let hints: Hints;
  let watch: RunWatch;
  before(() => {
    hints = createHints({ kind: 'redis', url: redisUrl, prefix }, log);
    watch = createRunWatch(hints);
  });
  after(async () => {
    watch.close();
    await hints.close();
    await cleanup();
  });

  it('tells how a run changed to those who wait for it, and to nobody else', async () => {
    const [mine, other] = [watch.next('mine'), watch.next('other')];
    hints.publish('run', { runId: 'mine', ended: true });
    assert.equal(await mine.changed, 'ended');
    other.cancel();
    assert.equal(await other.changed, 'changed');
  });

  it('asks to look again where no sign comes', async () => {
    assert.equal(await watch.next('silent').changed, 'changed');
  });

  it('knows a run that has just been stored here as young until a sign says that it has ended', async () => {
    watch.began('young');
    assert.ok(watch.isYoung('young'));
    assert.ok(!watch.isYoung('of another process'));
    const { changed } = watch.next('young');
    hints.publish('run', { runId: 'young' });
    assert.equal(await changed, 'changed');
    assert.ok(watch.isYoung('young'), 'a change is no end');
    const { changed: ended } = watch.next('young');
    hints.publish('run', { runId: 'young', ended: true });
    assert.equal(await ended, 'ended');
    assert.ok(!watch.isYoung('young'));
  });
});
