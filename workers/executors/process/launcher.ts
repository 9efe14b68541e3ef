import type { Logger } from '../../../platform/log.ts';
import type { AgentReference } from '../executor.ts';
import { programFile } from '../program.ts';
import type { Reaper } from '../reaper.ts';
import { endProcess, startProcess, type AgentProcess } from './agent-process.ts';
import type { ControlGroup, ControlGroups } from './cgroup/control-group.ts';
import { detectControlGroups } from './cgroup/control-groups.ts';
import { isModule, nodeCommand, type Command } from './command.ts';
import { baseEnvironment, type Environment } from './environment.ts';
import { detectNetworkIsolation } from './network.ts';
import { createPipes } from './pipes.ts';
import { detectReadOnlyMounts, type ReadOnlyRoots } from './read-only.ts';
import type { TempFolders } from './temp-folders.ts';
import type { WarmKind } from './warm-pool.ts';

export interface LauncherOptions {
  readonly workerId: string;
  readonly log: Logger;
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  /** What agents without the right to write must not change. */
  readonly workspaceRoots?: readonly string[] | undefined;
  readonly folders: TempFolders;
  readonly reaper?: Reaper | undefined;
  readonly maxProcesses: number;
  readonly cpus?: number | undefined;
}

interface Needs {
  readonly memoryMb: number;
  readonly network: boolean;
  readonly readOnly: boolean;
  readonly env: Environment;
  readonly takesOrders: boolean;
  /** For programs in other languages, which may open /dev/stderr. */
  readonly realPipes: boolean;
}

/** Makes what a process of an agent needs (folder, control group, namespaces), starts it, and clears it all away. */
export class Launcher {
  readonly #options: LauncherOptions;
  #groups: ControlGroups | undefined;
  #isolation: readonly string[] | undefined;
  #readOnlyRoots: ReadOnlyRoots | undefined;
  #host = '';

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** Finds out what this system can enforce, says what it cannot, and clears what a killed worker left. */
  async start(): Promise<void> {
    const { cacheDir, folders, log, reaper } = this.#options;
    this.#groups = detectControlGroups();
    [this.#isolation, this.#readOnlyRoots] = await Promise.all([detectNetworkIsolation(), detectReadOnlyMounts()]);
    this.#host = await programFile(new URL('./warm-host', import.meta.url), cacheDir);
    await folders.removeStale();
    reaper?.inherit(folders.root);
    log.info(
      {
        memory: this.#groups ? `cgroup v${this.#groups.version}` : 'resident size',
        network: this.#isolation ? 'namespace' : 'not enforced',
        workspace: this.#readOnlyRoots ? 'read-only mount' : 'not enforced',
      },
      'Limits of agents on this machine',
    );
    if (!this.#isolation)
      log.warn({}, 'Agents that ask for no network get it all the same: this system allows no network namespaces');
    if (!this.#readOnlyRoots)
      log.warn({}, 'Agents that only read could write into the workspace: this system allows no mount namespaces');
  }

  /** True when the kernel itself limits memory; else somebody has to watch it. */
  get limitsMemory(): boolean {
    return this.#groups !== undefined;
  }

  /** True when agents that only read their workspace cannot do otherwise. */
  get protectsWorkspaces(): boolean {
    return this.#readOnlyRoots !== undefined;
  }

  /** Starts an agent on its argument. @throws the system's error when it cannot be started */
  startAgent(agent: AgentReference, argument: string, memoryMb: number, env: Environment): Promise<AgentProcess> {
    const module = isModule(agent.entry);
    const command = module ? nodeCommand(memoryMb, agent.entry, [argument]) : { file: agent.entry, args: [argument] };
    const { network, workspace } = agent.manifest;
    const readOnly = workspace !== 'write';
    return this.#launch(command, { memoryMb, network, readOnly, env, takesOrders: false, realPipes: !module });
  }

  /** Starts a process that waits for an order (warm-host.ts). */
  startWaiting({ preload, memoryMb, network, readOnly }: WarmKind): Promise<AgentProcess> {
    const command = nodeCommand(memoryMb, this.#host, preload === undefined ? [] : [preload]);
    const env = { COMMANDCENTER_WARM: '1' };
    return this.#launch(command, { memoryMb, network, readOnly, env, takesOrders: true, realPipes: false });
  }

  /** Ends a process and removes what was made for it. Never rejects. */
  async end(process: AgentProcess): Promise<void> {
    await endProcess(process);
    this.#options.reaper?.untrack(process.pid);
    await this.#options.folders.remove(process.folder);
  }

  async stop(): Promise<void> {
    await this.#options.folders.removeAll();
  }

  async #launch(command: Command, needs: Needs): Promise<AgentProcess> {
    const { env: server, workerId, folders, reaper } = this.#options;
    const { memoryMb, env, takesOrders, realPipes } = needs;
    const folder = folders.create();
    const group = this.#createGroup(memoryMb);
    try {
      const isolation = this.#isolate(needs, folder);
      const environment = { ...baseEnvironment(server, folder, workerId), ...env };
      const pipes = realPipes ? await createPipes(folder) : undefined;
      const around = { folder, group, isolation, pipes, takesOrders };
      const process = await startProcess(command, environment, around);
      reaper?.track(process.pid);
      return process;
    } catch (error) {
      await Promise.all([group?.remove(), folders.remove(folder)]);
      throw error;
    }
  }

  /** The commands before the agent's own, each of which becomes the next. */
  #isolate({ network, readOnly }: Needs, folder: string): readonly string[] {
    const { workspaceRoots: roots = [] } = this.#options;
    const withoutNetwork = network ? [] : (this.#isolation ?? []);
    const withoutWriting = readOnly && roots.length > 0 ? (this.#readOnlyRoots?.(roots, folder) ?? []) : [];
    return [...withoutNetwork, ...withoutWriting];
  }

  #createGroup(memoryMb: number): ControlGroup | undefined {
    const { maxProcesses, cpus } = this.#options;
    return this.#groups?.create({ memoryMb, maxProcesses, cpus });
  }
}
