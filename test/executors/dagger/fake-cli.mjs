#!/usr/bin/env node
// What the SDK takes for Dagger's CLI: `dagger session …` prints where its session is and shows progress on stderr.
// DAGGER_FAKE_MODE: a mode of the fake engine, or `fails` (exits as without a container runtime).
// DAGGER_FAKE_RECORD: a file that gets a line per event.
import { appendFileSync } from 'node:fs';
import { startFakeEngine } from './fake-engine.mjs';

const { DAGGER_FAKE_MODE: mode = 'ok', DAGGER_FAKE_RECORD: record } = process.env;
const note = (event) => record && appendFileSync(record, `${JSON.stringify(event)}\n`);

note({ event: 'started', pid: process.pid, args: process.argv.slice(2) });
if (mode === 'fails') {
  console.error(
    'Error: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  );
  process.exit(1);
}
const onPrinted = (line) => console.error(`14  : [0.1s] | ${line}`);
const engine = await startFakeEngine({ token: 'fake-token', mode, onPrinted });
console.error('1   : connect');
console.log(JSON.stringify({ port: engine.port, session_token: 'fake-token' }));
process.once('SIGTERM', async () => {
  note({ event: 'stopped', chains: engine.chains });
  await engine.stop();
  process.exit(0);
});
