import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlGroup, ControlGroups, GroupLimits } from './control-group.ts';
import { canCreateIn, killAndRemove, newGroupName, removeStaleGroups } from './group-folder.ts';

const CONTROLLERS = ['memory', 'pids', 'cpu'];
const CPU_PERIOD_US = 100_000;

/** Version 2 has one hierarchy; children may be limited once their parent passes the controllers on. */
export function detectVersion2(mounts: string[][], ownGroups: string[][]): ControlGroups | undefined {
  const mount = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  const own = ownGroups.find(([id]) => id === '0')?.[2];
  if (mount === undefined || own === undefined) return undefined;
  const parent = join(mount, own);
  const controllers = passOnControllers(parent);
  if (!controllers.includes('memory') || !canCreateIn(parent)) return undefined;
  removeStaleGroups(parent);
  return { version: 2, create: (limits) => createGroup(parent, controllers, limits) };
}

/** The controllers that children of `parent` get. The kernel refuses to add any while processes sit in a non-root parent. */
function passOnControllers(parent: string): string[] {
  const file = join(parent, 'cgroup.subtree_control');
  for (const controller of CONTROLLERS.filter((name) => !readWords(file).includes(name))) {
    try {
      writeFileSync(file, `+${controller}`, { flag: 'r+' });
    } catch {
      // not delegated to us: what counts is what the file says afterwards
    }
  }
  return readWords(file);
}

function readWords(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split(/\s+/);
  } catch {
    return [];
  }
}

function createGroup(parent: string, controllers: readonly string[], limits: GroupLimits): ControlGroup {
  const folder = join(parent, newGroupName());
  mkdirSync(folder);
  const set = (file: string, value: string) => {
    writeFileSync(join(folder, file), value);
  };
  set('memory.max', String(limits.memoryMb * 1024 * 1024));
  set('memory.swap.max', '0');
  set('memory.oom.group', '1');
  if (controllers.includes('pids')) set('pids.max', String(limits.maxProcesses));
  if (controllers.includes('cpu') && limits.cpus !== undefined) {
    set('cpu.max', `${Math.round(limits.cpus * CPU_PERIOD_US)} ${CPU_PERIOD_US}`);
  }
  return {
    joinFiles: [join(folder, 'cgroup.procs')],
    ranOutOfMemory: () => countKills(folder) > 0,
    remove: () => killAndRemove(folder),
  };
}

function countKills(folder: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(folder, 'memory.events'), 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
