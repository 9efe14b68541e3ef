import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { ControlGroup } from './cgroup/control-group.ts';
import { confined, type Command } from './command.ts';
import type { Environment } from './environment.ts';
import { signalGroup } from './signals.ts';

/** A process of an agent with everything that was made for it and must go with it. */
export interface AgentProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Also the id of its process group. */
  readonly pid: number;
  /** Its working folder. */
  readonly folder: string;
  readonly group: ControlGroup | undefined;
  /** Descriptor 3, of processes that wait for an order. */
  readonly orders: Duplex | undefined;
}

export interface Surroundings {
  readonly folder: string;
  readonly group: ControlGroup | undefined;
  /** The command that takes the network away, or nothing. */
  readonly isolation: readonly string[];
  readonly takesOrders: boolean;
}

/**
 * Starts a command in a process group of its own with exactly this environment.
 * @throws the system's error (`code` ENOENT, EACCES, EAGAIN, …) when it cannot be started
 */
export async function startProcess(
  command: Command,
  env: Environment,
  surroundings: Surroundings,
): Promise<AgentProcess> {
  const { folder, group, isolation, takesOrders } = surroundings;
  const { file, args } = confined(command, isolation, group?.joinFiles ?? []);
  const child = spawn(file, args, {
    cwd: folder,
    env,
    detached: true,
    stdio: takesOrders ? ['pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable, Readable, Readable>;
  if (child.pid === undefined) throw ((await once(child, 'error')) as [Error])[0];
  // an agent that doesn't read its input, or is gone, is no error of ours
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  return { child, pid: child.pid, folder, group, orders: (child.stdio[3] ?? undefined) as Duplex | undefined };
}

/** Ends what is left of a process: its group's other members, its open pipes, its control group. */
export async function endProcess({ child, pid, group }: AgentProcess): Promise<void> {
  signalGroup(pid, 'SIGKILL');
  for (const stream of child.stdio) stream?.destroy();
  await group?.remove();
}
