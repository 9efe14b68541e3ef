import { Unretryable } from '../kit/index.ts';
import type { Input } from './schemas.ts';

/**
 * Throws Unretryable unless `list` allows the command. Entries are separated by commas; each is a program and, after
 * it, the arguments that the call must begin with: `systemctl restart, df` allows any df, and systemctl for restarts.
 */
export function requireAllowed({ command, args }: Input, list: string | undefined): void {
  const entries = (list ?? '')
    .split(',')
    .map((entry) => entry.trim().split(/\s+/))
    .filter(([name]) => name !== '');
  if (entries.length === 0) throw new Unretryable('No command is allowed: set SHELL_ALLOWED_COMMANDS');
  const allowed = entries.some(
    ([name, ...first]) => name === command && first.every((argument, at) => args[at] === argument),
  );
  if (!allowed)
    throw new Unretryable(`${[command, args[0]].filter(Boolean).join(' ')} is not in SHELL_ALLOWED_COMMANDS`);
}
