import process from 'node:process';
import type { Readable } from 'node:stream';
import { isMainThread } from 'node:worker_threads';
import { createContext, type AgentContext } from './context.ts';
import { Failed, toFailure, type Failure } from './failure.ts';
import { claimStdout, type Output } from './output.ts';
import { readInput } from './read-input.ts';
import { checkInput, checkOutput, type Schema } from './schema.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { abortOnSignals, unlessAborted } from './stop.ts';

export interface AgentDefinition<In, Out> {
  readonly input: Schema<In>;
  readonly output: Schema<Out>;
  /** The work. Throw to fail (exit 1), throw `Unretryable` to fail for good (exit 2), `Failed` to fail with output. */
  run(input: In, context: AgentContext): Out | Promise<Out>;
}

/** One execution, as its host describes it. */
export interface Invocation {
  /** The JSON input, or `-` when it comes on stdin. */
  readonly argument: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly stdin?: Readable;
  /** Default: the process's own stdout, claimed for the one line of JSON. */
  readonly output?: Output;
}

export interface Agent<In, Out> extends AgentDefinition<In, Out> {
  /** Runs once, prints the one line, resolves to the exit code (0, 1, 2) when everything is flushed. Never rejects. */
  main(invocation: Invocation): Promise<number>;
}

/**
 * Makes a program of a definition. Importing the module that calls this runs the agent on `process.argv[2]` and exits
 * the process. With `COMMANDCENTER_WARM=1` it only loads: the host calls `main` later. The same in a worker thread.
 */
export function defineAgent<In, Out>(definition: AgentDefinition<In, Out>): Agent<In, Out> {
  const agent = { ...definition, main: (invocation: Invocation) => execute(definition, invocation) };
  // after the module that calls this has been evaluated to its end
  if (isMainThread && process.env.COMMANDCENTER_WARM !== '1') setImmediate(() => void actAsProgram(agent.main));
  return agent;
}

async function actAsProgram(main: (invocation: Invocation) => Promise<number>): Promise<void> {
  const exitCode = await main({
    argument: process.argv[2],
    env: process.env,
    signal: abortOnSignals(process),
  });
  process.exit(exitCode);
}

async function execute<In, Out>(definition: AgentDefinition<In, Out>, invocation: Invocation): Promise<number> {
  const { argument, env, signal, stdin = process.stdin } = invocation;
  const output = invocation.output ?? claimStdout(process);
  const secrets = createSecrets(env);
  try {
    const input = checkInput(definition.input, await readInput(argument, stdin));
    const context = createContext({ env, signal, secrets, write: output.note });
    const result = await unlessAborted(signal, () => definition.run(input, context));
    print(definition.output, result, output);
    return 0;
  } catch (thrown) {
    if (thrown instanceof Failed) print(definition.output, thrown.output, output);
    return report(toFailure(thrown), output, secrets);
  } finally {
    await output.flush();
  }
}

function print<Out>(schema: Schema<Out>, result: unknown, output: Output): void {
  output.line(`${JSON.stringify(checkOutput(schema, result))}\n`);
}

function report({ error, retryable, exitCode }: Failure, output: Output, secrets: Secrets): number {
  output.note(`${secrets.mask(JSON.stringify({ error, retryable }))}\n`);
  return exitCode;
}
