// A program without the kit: it must write its first line before anything else can go wrong.
import { appendFileSync, statSync } from 'node:fs';

interface Order {
  readonly journal: string;
  readonly ms: number;
  readonly failures?: number;
  readonly value?: unknown;
}

const BEAT_MS = 100;
const order = JSON.parse(process.argv[2] ?? '') as Order;
const { RUN_ID = '', NODE_ID = '', ATTEMPT = '0', IDEMPOTENCY_KEY = '', CHAOS_CANARY = '' } = process.env;

note('start');
const beats = setInterval(() => {
  note('beat');
}, BEAT_MS);
// the engine masks what it hands out: the history checker looks for it everywhere
process.stderr.write(`my secret is ${CHAOS_CANARY}\n`);
setTimeout(end, order.ms);

function end(): void {
  clearInterval(beats);
  if (mustFail()) {
    note('fail');
    process.stderr.write(`${JSON.stringify({ error: 'fails as ordered' })}\n`);
    process.exitCode = 1;
    return;
  }
  note('end');
  process.stdout.write(`${JSON.stringify({ value: order.value ?? null, by: NODE_ID, secret: CHAOS_CANARY })}\n`);
}

/** Counts its failures in a file: an attempt that was lost with its worker is none of them. */
function mustFail(): boolean {
  const file = `${order.journal}.${IDEMPOTENCY_KEY}.failures`;
  const failed = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (failed >= (order.failures ?? 0)) return false;
  appendFileSync(file, '!');
  return true;
}

/** One short line is one write at the end of the file, also beside other processes. */
function note(what: 'start' | 'beat' | 'end' | 'fail'): void {
  const line = { at: Date.now(), what, runId: RUN_ID, nodeId: NODE_ID, key: IDEMPOTENCY_KEY, attempt: Number(ATTEMPT) };
  appendFileSync(order.journal, `${JSON.stringify({ ...line, pid: process.pid })}\n`);
}
