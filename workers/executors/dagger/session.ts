/**
 * One Dagger session in a process of its own, so that it can be killed: the client hangs when its engine dies. Takes one
 * SessionOrder over IPC and answers with SessionMessages. SIGTERM leaves `connect`'s callback, which is the only way to
 * end the session cleanly. The engine's log goes to stderr. Secrets travel in queries: no query is ever shown.
 */
import type { Client, Container } from '@dagger.io/dagger';
import { setTimeout as delay } from 'node:timers/promises';
import { attemptContainer, installCommand, installed } from './container.ts';
import type { LastMessage, RunOrder, SessionMessage, SessionOrder } from './order.ts';
import { loadSdk } from './sdk.ts';

const PULSE_MS = 5_000;
const PULSE_ANSWER_MS = 10_000;
/** Of an output that is too large, what messages quote. */
const HEAD_LENGTH = 1_000;

const sdk = await loadSdk();
const stop = new Promise<never>((_, reject) => {
  process.once('SIGTERM', () => {
    reject(new Error('stopped'));
  });
});
stop.catch(() => undefined);
process.once('disconnect', () => process.exit(1)); // the worker is gone
process.once('message', (order) => {
  void serve(order as SessionOrder).then((message) => {
    say(message, () => process.exit(0));
  });
});

function say(message: SessionMessage, then?: () => void): void {
  process.send?.(message, () => then?.());
}

async function serve(order: SessionOrder): Promise<LastMessage> {
  let last: LastMessage | undefined;
  say({ kind: 'asking' });
  try {
    await sdk.connect(
      async (client) => {
        last = await Promise.race([obey(client, order), pulse(client), stop]);
      },
      { LogOutput: process.stderr },
    );
  } catch (error) {
    last ??= explain(error); // closing may fail when all is said
  }
  return last ?? { kind: 'engine-failed', reason: 'the session ended without an answer' };
}

async function obey(client: Client, order: SessionOrder): Promise<LastMessage> {
  await client.version();
  say({ kind: 'connected' });
  if (order.kind === 'run') return run(client, order);
  if (order.kind === 'warm') for (const source of order.sources) await installed(client, source).sync();
  return { kind: 'done' };
}

async function run(client: Client, order: RunOrder): Promise<LastMessage> {
  // synced once, what is read after it is one short query each; without it each would send the whole chain again
  const done = await attemptContainer(client, order, sdk).sync();
  const [exitCode, stdout, stderr] = await Promise.all([done.exitCode(), done.stdout(), done.stderr()]);
  if (exitCode === 0) await bringBack(done, order);
  if (Buffer.byteLength(stdout) > order.maxOutputBytes) {
    return { kind: 'output-too-large', head: stdout.slice(0, HEAD_LENGTH) };
  }
  return { kind: 'ended', exitCode, stdout, stderr };
}

/** Mounted folders are copies: what the agent wrote has to be copied to where it belongs. */
async function bringBack(done: Container, { workspaces }: RunOrder): Promise<void> {
  for (const { path, writable } of workspaces) if (writable) await done.directory(path).export(path);
}

/** Never resolves; rejects when the engine stops answering. */
async function pulse(client: Client): Promise<never> {
  for (;;) {
    await delay(PULSE_MS, undefined, { ref: false });
    const silence = delay(PULSE_ANSWER_MS, 'silence', { ref: false });
    const answer = await Promise.race([client.version().catch(() => 'answered'), silence]);
    if (answer === 'silence') throw new Error('the engine stopped answering');
  }
}

function explain(error: unknown): LastMessage {
  const failedCommand = execErrorIn(error);
  if (failedCommand === undefined) return { kind: 'engine-failed', reason: reasonOf(error) };
  const { exitCode, stdout, stderr, cmd } = failedCommand;
  const installing = [true, false].some((locked) => installCommand(locked).every((word, index) => cmd[index] === word));
  return installing ? { kind: 'install-failed', exitCode, stderr } : { kind: 'ended', exitCode, stdout, stderr };
}

/** The SDK wraps what is thrown in a session whose engine it started itself. */
function execErrorIn(error: unknown): InstanceType<typeof sdk.ExecError> | undefined {
  if (error instanceof sdk.ExecError) return error;
  return error instanceof Error && error.cause !== undefined ? execErrorIn(error.cause) : undefined;
}

/** The messages of an error and its causes, without the request that GraphQL clients append to theirs. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = `${error.name}: ${error.message.replace(/: \{"response":[\s\S]*$/, '')}`;
  return error.cause instanceof Error ? `${own} (${reasonOf(error.cause)})` : own;
}
