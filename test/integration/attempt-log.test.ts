import assert from 'node:assert/strict';
import { createLogger } from '../../platform/log.ts';
import { sql } from 'slonik';
import { z } from 'zod';
import { openAttemptLog } from '../../workers/attempt-log.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

const log = createLogger({ level: 'silent' });

describe('the log of an attempt', () => {
  let engine: TestEngine;
  let agentRunId: string;

  before(async () => {
    engine = await startTestEngine();
    await engine.define({ name: 'one', nodes: [{ id: 'a', transform: '1' }] });
    const runId = await engine.submit('one');
    await engine.ended(runId);
    agentRunId = (await engine.node(runId, 'a')).id;
  });
  after(() => engine.close());

  const kept = (attempt: number) =>
    engine.db.anyFirst(sql.type(z.object({ text: z.string() }))`
      SELECT text FROM "AgentLog" WHERE "agentRunId" = ${agentRunId} AND attempt = ${attempt} ORDER BY line`);
  const write = async (attempt: number, count: number): Promise<void> => {
    const attemptLog = openAttemptLog({ agentRunId, attempt }, { db: engine.db, hints: engine.hints, log });
    for (let line = 1; line <= count; line++)
      attemptLog.write({ at: new Date(), stream: 'stderr', text: `line ${String(line)}` });
    await attemptLog.end();
  };

  it('has every line', async () => {
    await write(1, 3);
    assert.deepEqual(await kept(1), ['line 1', 'line 2', 'line 3']);
  });

  it('says how many lines came too fast to be kept', async () => {
    await write(2, 6000);
    assert.deepEqual((await kept(2)).slice(-2), ['line 5000', '[1000 lines were not kept]']);
  });
});
