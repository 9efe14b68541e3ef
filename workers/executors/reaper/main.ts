/**
 * The reaper of one worker: a process in a session of its own that reads lines from the worker (`track PGID`,
 * `untrack PGID`, `inherit FOLDER`, `beat`, `done`). When the pipe ends without `done`, or is silent for too long, it kills
 * the tracked process groups and whatever else carries the worker's label; at the end it also removes the folders.
 * It has no other input and imports nothing big: it must work when the worker cannot.
 */
import { rm } from 'node:fs/promises';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Victims } from './victims.ts';

const LOOKS_PER_SILENCE = 20;

const [workerId = '', silenceMs = '10000'] = process.argv.slice(2);
const victims = new Victims(workerId);
const folders: string[] = [];
let heardAt = performance.now();
let finished = false;

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  heardAt = performance.now();
  const [word, argument = ''] = line.split(/ (.*)/);
  if (word === 'track') victims.add(Number(argument));
  else if (word === 'untrack') victims.delete(Number(argument));
  else if (word === 'inherit') folders.push(argument);
  else if (word === 'done') finished = true;
});
lines.on('close', () => void end());
// a worker's terminal or supervisor signals whole groups; this process ends with its pipe
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const timer = setInterval(
  () => {
    // after a pause of this process itself, the beats of that time are still unread: read before judging
    if (isSilent()) setImmediate(() => void (isSilent() && victims.kill()));
  },
  Number(silenceMs) / LOOKS_PER_SILENCE,
);

function isSilent(): boolean {
  return performance.now() - heardAt > Number(silenceMs);
}

async function end(): Promise<void> {
  clearInterval(timer);
  if (!finished) await victims.kill();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }).catch(() => undefined)));
}
