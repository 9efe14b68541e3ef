/** What an engine's failure means and what to do; the first pattern that fits counts. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /failed to download dagger cli/i,
    'the Dagger CLI could not be downloaded: install it and set _EXPERIMENTAL_DAGGER_CLI_BIN to its path',
  ],
  [/DAGGER_SESSION_TOKEN must be set/, 'DAGGER_SESSION_PORT is set without DAGGER_SESSION_TOKEN: set both or neither'],
  [/\b401\b|unauthori[sz]ed/i, 'the engine refused the session: DAGGER_SESSION_TOKEN is wrong'],
  [
    /Cannot connect to the Docker daemon|docker\.sock|no container runtime/i,
    'no container runtime answers: start Docker or Podman, or set _EXPERIMENTAL_DAGGER_RUNNER_HOST to a running engine',
  ],
  [
    /ECONNREFUSED|ECONNRESET|fetch failed|socket hang up|NotAwaitedRequestError|stopped answering|did not answer/i,
    'the engine does not answer: see that it runs (docker ps), and that _EXPERIMENTAL_DAGGER_RUNNER_HOST leads to it',
  ],
  [
    /spawn \S+ E(NOENT|ACCES)|reading 'port'/, // the second is how the SDK says that its CLI ended at once
    'the Dagger CLI ended before it opened a session: see that _EXPERIMENTAL_DAGGER_CLI_BIN names a program that works',
  ],
];
const DEFAULT = 'see the log of this worker (component DaggerExecutor) and of the engine';
const NO_IMAGE = /pull access denied|repository does not exist|manifest unknown|image.*not found|not found.*image/i;

/** A sentence that says what failed and what to do. */
export function adviseOnEngine(reason: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? DEFAULT;
  return `Dagger could not run the agent: ${advice} (${reason.replaceAll(/\s+/g, ' ').slice(0, 500)}). AGENT_EXECUTOR=process needs no engine`;
}

/** True when the engine is well and the agent's image is what is missing. */
export function isMissingImage(reason: string): boolean {
  return NO_IMAGE.test(reason);
}
