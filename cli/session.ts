import type { Command } from 'commander';
import type { Readable } from 'node:stream';
import { createClient, type Client } from './client.ts';
import type { ExitCode } from './exit-codes.ts';
import { createOutput, type Output, type Sink } from './output.ts';
import { resolveTarget, type TargetOptions } from './settings.ts';

/** What the CLI gets from the process that it runs in. */
export interface World {
  readonly stdin: Readable;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** What a command works with. */
export interface Session {
  readonly client: Client;
  readonly out: Output;
  /** The answer as JSON instead of for people. */
  readonly json: boolean;
  readonly world: World;
}

interface GlobalOptions extends TargetOptions {
  readonly json?: boolean;
}

type Run<Options, Arguments extends unknown[]> = (
  session: Session,
  options: Options,
  ...args: Arguments
) => Promise<ExitCode | void>;

/** Makes commands' actions; `exitCode` is what the last of them gave. */
export interface Actions {
  readonly exitCode: ExitCode;
  action<Options, Arguments extends unknown[]>(run: Run<Options, Arguments>): (...given: unknown[]) => Promise<void>;
}

export function createActions(world: World): Actions {
  let exitCode: ExitCode = 0;
  return {
    get exitCode() {
      return exitCode;
    },
    action:
      (run) =>
      async (...given) => {
        // commander gives the declared arguments, then the command's own options, then the command
        const command = given.at(-1) as Command;
        const options = command.optsWithGlobals<GlobalOptions>();
        const session = {
          client: createClient(await resolveTarget(options, world.env)),
          out: createOutput(world),
          json: options.json === true,
          world,
        };
        exitCode = (await run(session, options as never, ...(given.slice(0, -2) as never))) ?? 0;
      },
  };
}

/** What every command file exports: it adds its commands to the program. */
export type Register = (program: Command, actions: Actions) => void;
