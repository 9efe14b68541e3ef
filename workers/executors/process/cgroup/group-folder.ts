import { mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../signals.ts';

const PREFIX = 'commandcenter-';
/** Killed processes leave their group when the kernel has torn them down; that takes milliseconds. */
const REMOVE_ATTEMPTS = 100;
const REMOVE_PAUSE_MS = 20;

let counter = 0;

/** A name that no other group has, and that tells which process made it. */
export function newGroupName(): string {
  counter += 1;
  return `${PREFIX}${process.pid}-${counter}`;
}

/** True when groups can be made below `parent`. */
export function canCreateIn(parent: string): boolean {
  try {
    const probe = join(parent, newGroupName());
    mkdirSync(probe);
    rmdirSync(probe);
    return true;
  } catch {
    return false;
  }
}

/** Removes the empty groups that dead workers left below `parent`. */
export function removeStaleGroups(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = Number(/^commandcenter-(\d+)-\d+$/.exec(name)?.[1]);
    if (owner > 0 && !isAlive(owner)) tryRemove(join(parent, name));
  }
}

/** Kills everything in the group and removes its folder; gives up silently after 2 s (a later start removes it). */
export async function killAndRemove(folder: string): Promise<void> {
  for (let attempt = 0; attempt < REMOVE_ATTEMPTS && !tryRemove(folder); attempt += 1) {
    killMembers(folder);
    await delay(REMOVE_PAUSE_MS);
  }
}

function killMembers(folder: string): void {
  for (const pid of readMembers(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // gone by itself
    }
  }
}

function readMembers(folder: string): number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
