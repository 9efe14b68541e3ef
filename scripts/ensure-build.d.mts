/** Brings dist/ up to date; see ensure-build.mjs. Returns the parts that were built. */
export function ensureBuild(options?: { root?: string; force?: boolean }): Promise<string[]>;
