/** What a definition may be at most. Every refusal names the path and the limit. */
export const LIMITS = {
  /** of the definition as JSON, in bytes */
  definitionBytes: 1024 * 1024,
  /** levels of nested objects and arrays in anything that a user sends */
  jsonDepth: 64,
  nodes: 1_000,
  edges: 10_000,
  triggers: 50,
  /** levels of sub-workflows below a run */
  subWorkflowDepth: 8,
  /** 2^31 - 1: the longest timer that JavaScript has */
  milliseconds: 2_147_483_647,
  /** the same in whole seconds */
  seconds: 2_147_483,
  attempts: 100,
  parallel: 10_000,
  /** characters of one expression, and of one string with templates */
  expressionLength: 65_536,
  templateLength: 262_144,
  /** matchers of one trigger, and characters of one */
  matchers: 50,
  matcherLength: 4_096,
} as const;

export interface DefinitionLimits {
  readonly nodes: number;
  readonly edges: number;
  readonly definitionBytes: number;
}
