/** What `npm run agents:build` makes, on this machine: no registry's address in front. */
const BUILT_HERE = /^commandcenter-agent-[a-z][a-z0-9-]{0,62}(:[\w.-]{1,128})?$/;
const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * Whether agents may be run from this image: one that was built here, or one of a source that is allowed, by digest, so
 * that what was looked at is what runs.
 * @param sources beginnings of images up to a `/`: `ghcr.io/acme` allows `ghcr.io/acme/scanner@sha256:…` (AGENT_IMAGE_SOURCES)
 * @returns what is wrong and what to do; null where nothing is
 */
export function imageProblem(image: string, sources: readonly string[]): string | null {
  if (BUILT_HERE.test(image)) return null;
  if (!sources.some((source) => image.startsWith(`${source}/`))) {
    return `Image ${image} comes from no allowed source: add its registry and folder to AGENT_IMAGE_SOURCES, or build it here (npm run agents:build)`;
  }
  if (BY_DIGEST.test(image)) return null;
  return `Image ${image} is named by a tag, which may be another image tomorrow: name it by digest (…@sha256:…)`;
}
