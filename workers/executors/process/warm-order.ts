import type { Environment } from './environment.ts';

/** What a waiting process is told, once. */
export interface WarmOrder {
  readonly entry: string;
  readonly argument: string;
  readonly env: Environment;
}
