export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** Of the memory limit, what V8's old generation may take; the rest is code, stacks, buffers and the young generation. */
const HEAP_SHARE = 0.75;
const MODULE = /\.[cm]?js$/;

/**
 * Enters the control groups, then becomes the agent, so that not even its first instruction is unlimited.
 * One shell costs 1 ms; moving a started process from outside costs 15–35 ms and comes late.
 */
const JOIN_GROUPS = 'while [ "$1" != -- ]; do { echo 0 > "$1"; } 2>/dev/null; shift; done; shift; exec "$@"';

/** True when `entry` is a module for Node.js, false when it is a program of its own. */
export function isModule(entry: string): boolean {
  return MODULE.test(entry);
}

/** How a Node.js module is started within the memory limit. */
export function nodeCommand(memoryMb: number, module: string, args: readonly string[]): Command {
  return { file: process.execPath, args: [heapLimit(memoryMb), module, ...args] };
}

/** The option that keeps V8 within the memory limit: it collects earlier, and fails with a reason. */
export function heapLimit(memoryMb: number): string {
  return `--max-old-space-size=${Math.max(16, Math.floor(memoryMb * HEAP_SHARE))}`;
}

/** Wraps a command: `isolation` is a command that executes another, `joinFiles` are of its control groups. */
export function confined(command: Command, isolation: readonly string[], joinFiles: readonly string[]): Command {
  const argv = [...isolation, command.file, ...command.args];
  if (joinFiles.length > 0) return { file: '/bin/sh', args: ['-c', JOIN_GROUPS, 'sh', ...joinFiles, '--', ...argv] };
  const [file = command.file, ...args] = argv;
  return { file, args };
}
