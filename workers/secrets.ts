import { AGENT_SECRET_PREFIX } from '../platform/known-secrets.ts';

/** Where secrets that agents ask for by name come from. */
export interface SecretSource {
  /** Name → value; a name that is not known is left out, and the agent says what it misses. */
  of(names: readonly string[]): Record<string, string>;
}

/**
 * Secrets from the environment: `AGENT_SECRET_SLACK_WEBHOOK_URL` is the secret `SLACK_WEBHOOK_URL`. The prefix is what
 * keeps an agent's manifest from asking for the server's own variables.
 */
export function secretsFromEnvironment(env: NodeJS.ProcessEnv): SecretSource {
  return {
    of: (names) =>
      Object.fromEntries(
        names.flatMap((name) => {
          const value = env[AGENT_SECRET_PREFIX + name];
          return value === undefined || value === '' ? [] : [[name, value]];
        }),
      ),
  };
}
