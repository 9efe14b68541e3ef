import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretNameSchema } from '../flows/names.ts';
import type { Config } from '../platform/config.ts';
import { AGENT_SECRET_PREFIX } from '../platform/known-secrets.ts';
import type { Logger } from '../platform/log.ts';
import type { GrowingMasker } from '../platform/masker.ts';
import { unseal } from '../platform/sealing.ts';
import type { Queryable } from '../sql/pool.ts';
import { findSealed } from '../sql/queries/secrets.ts';

/** Where secrets that agents ask for by name come from. */
export interface SecretSource {
  of(names: readonly string[], agent: string): Promise<AskedSecrets> | AskedSecrets;
}

export interface AskedSecrets {
  /** Name → value; what is not known, or not for this agent, is left out, and the agent says what it misses. */
  readonly given: Readonly<Record<string, string>>;
  /** What there is and is not for this agent: `message` says why, and what to do. */
  readonly refused: readonly RefusedSecret[];
}

export interface RefusedSecret {
  readonly name: string;
  readonly message: string;
}

export interface SecretsParts {
  readonly env: NodeJS.ProcessEnv;
  readonly config: Pick<Config, 'secretsDir' | 'secretsPolicy' | 'secretsKeys'>;
  readonly db: Queryable;
  readonly log: Logger;
  /** Hears of every value before an agent does. */
  readonly masker: Pick<GrowingMasker, 'add'>;
}

/** Names that a program's start obeys: no secret may be called so, whoever stored it. */
const OBEYED =
  /^(?:PATH|HOME|TMPDIR|SHELL|IFS|ENV|BASH_ENV|NODE_.*|LD_.*|DYLD_.*|PYTHON.*|PERL.*|RUBY.*|GIT_.*|COMMANDCENTER_.*)$/i;

/**
 * The environment (`AGENT_SECRET_<name>`), files (`SECRETS_DIR/<name>`), the sealed table: the first that has the name.
 * A secret of the table goes to the agents that its row names; one of the others to those of SECRETS_POLICY, and where
 * that says nothing of it to nobody.
 */
export function createSecrets({ env, config, db, log, masker }: SecretsParts): SecretSource {
  const plain = plainSecrets(env, config.secretsDir);
  const policy = new Map(config.secretsPolicy.map(({ name, agents }) => [name, agents]));

  return {
    async of(names, agent) {
      const asked = [...new Set(names)].filter((name) => !OBEYED.test(name));
      const given: Record<string, string> = {};
      const refused: RefusedSecret[] = [];
      const rest: string[] = [];
      for (const name of asked) {
        const value = plain(name);
        const agents = policy.get(name) ?? [];
        if (value === undefined) rest.push(name);
        else if (agents.includes(agent)) given[name] = value;
        else
          refused.push({ name, message: refusal(name, agent, `set SECRETS_POLICY=${entryFor(name, agents, agent)}`) });
      }
      for (const row of rest.length > 0 ? await findSealed(db, rest) : []) {
        if (row.agents.includes(agent)) given[row.name] = unseal(config.secretsKeys, row.name, row);
        else
          refused.push({ name: row.name, message: refusal(row.name, agent, 'store it again with that agent named') });
      }
      for (const { name } of refused)
        log.warn({ secret: name, agent }, 'an agent asked for a secret that its policy does not give it');
      masker.add(Object.values(given));
      return { given, refused };
    },
  };
}

function refusal(name: string, agent: string, todo: string): string {
  return `The policy of the secret ${name} does not name agent ${agent}, so it is not given it: where it should be, ${todo}`;
}

/** What SECRETS_POLICY should say of a secret, beside what it says of others. */
function entryFor(name: string, agents: readonly string[], agent: string): string {
  return `${name}:${[...agents, agent].join('|')} (commas between several)`;
}

/**
 * One of the environment or of a file. The prefix keeps a manifest from asking for the server's own variables, the form
 * of names keeps it inside the folder. Files are read each time: they are replaced while the service runs.
 */
export function plainSecrets(env: NodeJS.ProcessEnv, folder: string | undefined): (name: string) => string | undefined {
  return (name) => {
    if (!secretNameSchema.safeParse(name).success) return undefined;
    const value = env[AGENT_SECRET_PREFIX + name];
    if (value !== undefined && value !== '') return value;
    return folder === undefined ? undefined : readSecretFile(join(folder, name));
  };
}

/** Without the line end that editors put behind the last line. */
function readSecretFile(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
