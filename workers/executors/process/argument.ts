import type { Json } from '../../../contracts/json.ts';

/** Linux takes 128 KiB in one argument; the contract draws the line at 100 kB. */
const LARGEST_ARGUMENT_BYTES = 100_000;

export interface AgentInput {
  /** The JSON itself, or `-` when it comes on stdin. */
  readonly argument: string;
  /** Empty when the argument is the JSON. */
  readonly stdin: string;
}

/** How the input reaches an agent: as its one argument, or on stdin when it is too large for one. */
export function toAgentInput(input: Json): AgentInput {
  const json = JSON.stringify(input);
  const fits = Buffer.byteLength(json) <= LARGEST_ARGUMENT_BYTES;
  return fits ? { argument: json, stdin: '' } : { argument: '-', stdin: json };
}
