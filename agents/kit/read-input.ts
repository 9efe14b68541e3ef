import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { InvalidInput } from './failure.ts';

/**
 * The JSON value that the agent was given: the argument itself, or stdin when the argument is `-` (inputs above
 * 100 kB do not fit an argument). Throws `No input provided` or `Invalid JSON input: …`.
 */
export async function readInput(argument: string | undefined, stdin: Readable): Promise<unknown> {
  const json = argument === '-' ? await text(stdin) : argument;
  if (json === undefined || json.trim() === '') throw new InvalidInput('No input provided');
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new InvalidInput(`Invalid JSON input: ${(cause as Error).message}`, { cause });
  }
}
