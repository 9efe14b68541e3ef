import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectControlGroups } from '../../workers/executors/process/cgroup/control-groups.ts';

/** A folder that looks like a delegated group of version 2: this machine may have only version 1. */
describe('Control groups, version 2', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cgroup-test-'));
    mkdirSync(join(root, 'own'));
    writeFileSync(join(root, 'mounts'), `proc /proc proc rw 0 0\ncgroup2 ${root} cgroup2 rw 0 0\n`);
    writeFileSync(join(root, 'cgroup'), '0::/own\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const detect = () => detectControlGroups({ mounts: join(root, 'mounts'), ownGroups: join(root, 'cgroup') });

  it('are used when memory is delegated', () => {
    writeFileSync(join(root, 'own/cgroup.subtree_control'), 'cpu memory pids\n');
    const group = detect()?.create({ memoryMb: 64, maxProcesses: 10, cpus: 1.5 });
    const [name = ''] = readdirSync(join(root, 'own')).filter((entry) => entry.startsWith('commandcenter-'));
    const folder = join(root, 'own', name);
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    assert.deepEqual(['memory.max', 'memory.swap.max', 'memory.oom.group', 'pids.max', 'cpu.max'].map(read), [
      String(64 * 1024 * 1024),
      '0',
      '1',
      '10',
      '150000 100000',
    ]);
    assert.deepEqual(group?.joinFiles, [join(folder, 'cgroup.procs')]);
    assert.equal(group.ranOutOfMemory(), false);
    writeFileSync(join(folder, 'memory.events'), 'low 0\noom 1\noom_kill 1\n');
    assert.equal(group.ranOutOfMemory(), true);
  });

  it('are not used when memory is not delegated', () => {
    writeFileSync(join(root, 'own/cgroup.subtree_control'), 'cpu\n');
    assert.equal(detect(), undefined);
  });

  it('are not used when nothing can be read', () => {
    assert.equal(detectControlGroups({ mounts: '/nowhere', ownGroups: '/nowhere' }), undefined);
  });
});
