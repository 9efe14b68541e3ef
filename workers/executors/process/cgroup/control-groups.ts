import { readFileSync } from 'node:fs';
import type { ControlGroups } from './control-group.ts';
import { detectVersion1 } from './version-1.ts';
import { detectVersion2 } from './version-2.ts';

/** Where the kernel tells about control groups; a test points it at a folder of its own. */
export interface SystemFiles {
  readonly mounts: string;
  readonly ownGroups: string;
}

const SYSTEM: SystemFiles = { mounts: '/proc/self/mounts', ownGroups: '/proc/self/cgroup' };

/** The control groups in which memory can be limited from here, or undefined where none are writable. */
export function detectControlGroups(system: SystemFiles = SYSTEM): ControlGroups | undefined {
  try {
    const mounts = readFileSync(system.mounts, 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
    const ownGroups = readFileSync(system.ownGroups, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    return detectVersion2(mounts, ownGroups) ?? detectVersion1(mounts, ownGroups);
  } catch {
    return undefined; // not Linux, or /proc is hidden: resident size is watched instead
  }
}
