import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { ControlGroup } from './cgroup/control-group.ts';
import { confined, type Command } from './command.ts';
import type { Environment } from './environment.ts';
import type { Pipes } from './pipes.ts';
import { signalGroup } from './signals.ts';

/** A process of an agent with everything that was made for it and must go with it. */
export interface AgentProcess {
  readonly child: ChildProcess;
  /** Also the id of its process group. */
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Descriptor 3, of processes that wait for an order. */
  readonly orders: Duplex | undefined;
  /** Its working folder. */
  readonly folder: string;
  readonly group: ControlGroup | undefined;
}

export interface Surroundings {
  readonly folder: string;
  readonly group: ControlGroup | undefined;
  /** The command that takes the network away, or nothing. */
  readonly isolation: readonly string[];
  /** Real pipes in place of the sockets that Node.js makes. */
  readonly pipes: Pipes | undefined;
  readonly takesOrders: boolean;
}

/**
 * Starts a command in a process group of its own with exactly this environment.
 * @throws the system's error (`code` ENOENT, EACCES, EAGAIN, …) when it cannot be started
 */
export async function startProcess(command: Command, env: Environment, around: Surroundings): Promise<AgentProcess> {
  const { folder, group, isolation, pipes } = around;
  const { file, args } = confined(command, isolation, group?.joinFiles ?? []);
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio: stdioOf(around) });
  pipes?.closeChildEnds();
  if (child.pid === undefined) throw ((await once(child, 'error')) as [Error])[0];
  const [stdin, stdout, stderr, orders] = child.stdio as unknown as [
    Writable,
    Readable | null,
    Readable | null,
    Duplex?,
  ];
  const streams = {
    stdin,
    stdout: stdout ?? pipes?.stdout ?? missing('stdout'),
    stderr: stderr ?? pipes?.stderr ?? missing('stderr'),
    orders,
  };
  // an agent that doesn't read its input, or is gone, is no error of ours
  for (const stream of Object.values(streams)) stream?.on('error', () => undefined);
  return { child, pid: child.pid, ...streams, folder, group };
}

/** Ends what is left of a process: its group's other members, its open pipes, its control group. */
export async function endProcess({ pid, stdin, stdout, stderr, orders, group }: AgentProcess): Promise<void> {
  signalGroup(pid, 'SIGKILL');
  for (const stream of [stdin, stdout, stderr, orders]) stream?.destroy();
  await group?.remove();
}

function stdioOf({ pipes, takesOrders }: Surroundings): StdioOptions {
  const [stdout, stderr] = pipes?.childEnds ?? (['pipe', 'pipe'] as const);
  return takesOrders ? ['pipe', stdout, stderr, 'pipe'] : ['pipe', stdout, stderr];
}

function missing(name: string): never {
  throw new Error(`the process has no ${name}`);
}
