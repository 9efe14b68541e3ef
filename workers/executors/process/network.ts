import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Ways to get a network namespace with nothing in it: as root, else through a user namespace that keeps the user. */
const WAYS = [
  ['unshare', '--net', '--'],
  ['unshare', '--map-current-user', '--net', '--'],
] as const;

/** What to put before a command so that it has no network, or undefined where the system offers no way. */
export async function detectNetworkIsolation(): Promise<readonly string[] | undefined> {
  for (const way of WAYS) {
    const [file, ...args] = way;
    const works = await run(file, [...args, 'true'], { timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (works) return way;
  }
  return undefined;
}
