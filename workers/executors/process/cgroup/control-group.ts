export interface GroupLimits {
  readonly memoryMb: number;
  readonly maxProcesses: number;
  /** Cores; undefined is as many as there are. */
  readonly cpus?: number | undefined;
}

/** One attempt's control group. */
export interface ControlGroup {
  /** A process enters by writing `0` to each of these before it executes the agent. */
  readonly joinFiles: readonly string[];
  /** True once the kernel has killed a process of the group for its memory. */
  ranOutOfMemory(): boolean;
  /** Kills what is left in it, however far it daemonised, and removes it. Never rejects. */
  remove(): Promise<void>;
}

/** What the system's control groups let this process do. */
export interface ControlGroups {
  readonly version: 1 | 2;
  /** @throws when the system refuses, e.g. at its limit of groups */
  create(limits: GroupLimits): ControlGroup;
}
