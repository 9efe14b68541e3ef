import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Target } from './client.ts';
import { usageError } from './exit-codes.ts';
import { variable } from './variable.ts';

/** Services by a name of one's own, in the configuration file. */
const settingsSchema = z.strictObject({
  current: z.string().optional(),
  contexts: z
    .record(z.string(), z.strictObject({ url: z.url({ protocol: /^https?$/ }), token: z.string().min(1).optional() }))
    .default({}),
});
export type Settings = z.output<typeof settingsSchema>;

export const DEFAULT_URL = 'http://127.0.0.1:9002';

/** COMMANDCENTER_CONFIG, else the place that the XDG rules give. */
export function settingsPath(env: NodeJS.ProcessEnv): string {
  const home = variable(env, 'XDG_CONFIG_HOME') ?? join(variable(env, 'HOME') ?? homedir(), '.config');
  return variable(env, 'COMMANDCENTER_CONFIG') ?? join(home, 'commandcenter', 'config.json');
}

/** @throws CliError when the file is there and cannot be understood */
export async function readSettings(path: string): Promise<Settings> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw usageError(`${path} cannot be read: ${(error as Error).message}`);
  });
  if (text === undefined) return { contexts: {} };
  const parsed = settingsSchema.safeParse(parse(text, path));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw usageError(`${path} is no configuration of commandcenter:`, problems);
}

/** Whole or not at all, and for its owner's eyes only: tokens are in it. */
export async function writeSettings(path: string, settings: Settings): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, path);
}

export interface TargetOptions {
  readonly url?: string;
  readonly token?: string;
  readonly context?: string;
}

/** Which service is meant: an option, else the environment, else the context, else the usual local address. */
export async function resolveTarget(options: TargetOptions, env: NodeJS.ProcessEnv): Promise<Target> {
  const path = settingsPath(env);
  const settings = await readSettings(path);
  const name = options.context ?? variable(env, 'COMMANDCENTER_CONTEXT') ?? settings.current;
  const context = name === undefined ? undefined : settings.contexts[name];
  if (name !== undefined && !context) throw usageError(`There is no context ${name} in ${path}`);
  const url = options.url ?? variable(env, 'COMMANDCENTER_URL') ?? context?.url ?? DEFAULT_URL;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw usageError(`${url} is no address: write it as ${DEFAULT_URL}`);
  }
  // A context's token belongs to the context's service: another address does not get it.
  const own = context?.url === url ? context.token : undefined;
  return { url, token: options.token ?? variable(env, 'COMMANDCENTER_TOKEN') ?? own };
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${path} is no JSON: ${(error as Error).message}`);
  }
}
