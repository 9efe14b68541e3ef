/** A variable of the environment; an empty one counts as not set, as `.env` files leave it. */
export function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}
