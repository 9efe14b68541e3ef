import type { Input } from '../schemas.ts';

export type Key = string | number;

/** One change of a configuration file with its path as keys. */
export type ConfigEdit =
  { readonly path: readonly Key[]; readonly value: unknown } | { readonly path: readonly Key[]; readonly remove: true };

type ConfigChange = Extract<Input, { operation: 'config-edit' }>['changes'][number];

/** `a.b` → ["a", "b"]; a path that is a list already may hold dots in its keys. */
export function toConfigEdit(change: ConfigChange): ConfigEdit {
  const path = typeof change.path === 'string' ? change.path.split('.') : change.path;
  return 'remove' in change ? { path, remove: true } : { path, value: change.value };
}
