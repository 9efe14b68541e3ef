import { readdir, readFile } from 'node:fs/promises';

/** What processes and all their descendants have used so far, by the kernel's count. */
export interface Usage {
  /** Seconds, of those that have ended and were waited for as well. */
  readonly cpuSeconds: number;
  /** Megabytes: the highest resident size each had, added up. Pages that processes share are counted for each. */
  readonly peakMegabytes: number;
}

/** Of the kernel's clock, which Linux shows to programs in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Reads /proc: on other systems than Linux there is nothing to read, and the answer is undefined. */
export async function readUsage(roots: readonly number[]): Promise<Usage | undefined> {
  const all = await readProcesses();
  if (all.length === 0) return undefined;
  const family = new Set(roots);
  // a child's number may be below its parent's: look until nobody is found any more
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const members = all.filter(({ pid }) => family.has(pid));
  const peaks = await Promise.all(members.map(({ pid }) => peakOf(pid)));
  return {
    cpuSeconds: members.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    peakMegabytes: peaks.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024,
  };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

async function readProcesses(): Promise<Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)));
  return stats.flatMap((stat, index) => (stat === undefined ? [] : [parse(Number(pids[index]), stat)]));
}

/** See proc(5): after the name in parentheses come state, parent …; times are the 14th to the 17th field. */
function parse(pid: number, stat: string): Process {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks };
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
}
