/** A worker that runs one agent and does nothing else: what reaper.test.ts kills. Says process ids on stdout. */
import { ProcessExecutor } from '../../workers/executors/process.ts';
import { startReaper } from '../../workers/executors/reaper.ts';
import { CACHE_DIR, fixtureAgents, request, SILENT } from './requests.ts';

const [workerId = '', silenceMs = '', tempDir = ''] = process.argv.slice(2);
const chameleon = (await fixtureAgents()).get('chameleon');
const reaper = await startReaper({ workerId, cacheDir: CACHE_DIR, silenceMs: Number(silenceMs) });
const options = { workerId, log: SILENT, env: process.env, cacheDir: CACHE_DIR, tempDir, reaper, warm: false };
const executor = new ProcessExecutor(options);
await executor.start();
if (chameleon) {
  const onLog = ({ text }: { text: string }) => {
    if (/^\d+ \d+$/.test(text)) console.log(`${text} ${String(reaper.pid)}`);
  };
  await executor.execute(request(chameleon, { do: 'daemon' }, { onLog, timeoutMs: 60_000 }));
}
