import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Bytes that the processes of each of these groups hold in memory of their own (Linux), or in all (elsewhere). */
export async function residentBytesOf(pgids: ReadonlySet<number>): Promise<Map<number, number>> {
  return process.platform === 'linux' ? fromProc(pgids) : fromPs(pgids);
}

function fromProc(pgids: ReadonlySet<number>): Map<number, number> {
  const sums = new Map<number, number>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const pgid = readGroup(pid);
    if (pgid !== undefined && pgids.has(pgid)) add(sums, pgid, ownBytes(pid));
  }
  return sums;
}

function readGroup(pid: string): number | undefined {
  // pid (name, which may hold spaces and brackets) state ppid pgrp …
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const pgrp = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
  return pgrp === undefined ? undefined : Number(pgrp);
}

/** Without file pages: the text of one `node` is shared by all of them. */
function ownBytes(pid: string): number {
  const status = readOrEmpty(`/proc/${pid}/status`);
  const kilobytes = ['RssAnon', 'RssShmem'].map((name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) * 1024;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

async function fromPs(pgids: ReadonlySet<number>): Promise<Map<number, number>> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,rss=']);
  const sums = new Map<number, number>();
  for (const line of stdout.trim().split('\n')) {
    const [pgid = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
    if (pgids.has(pgid)) add(sums, pgid, kilobytes * 1024);
  }
  return sums;
}

function add(sums: Map<number, number>, pgid: number, bytes: number): void {
  sums.set(pgid, (sums.get(pgid) ?? 0) + bytes);
}
