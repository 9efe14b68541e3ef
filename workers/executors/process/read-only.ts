import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Ways to get mounts of one's own: as root, else through a user namespace that keeps the user and lets it mount. */
const WAYS = [
  ['unshare', '--mount', '--'],
  ['unshare', '--map-current-user', '--keep-caps', '--mount', '--'],
] as const;

/**
 * `folder root… -- command…`: mounts each root read-only over itself (what is mounted below it keeps its own rights),
 * the working folder writable again where it lies in one, gives up the right to undo that, and becomes the command.
 */
const MOUNT_READ_ONLY = `
folder=$1; shift
fail() { echo "The workspace cannot be made read-only: $1" >&2; exit 71; }
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then
    mount --rbind "$1" "$1" && mount -o remount,bind,ro "$1" || fail "$1"
  fi
  shift
done
shift
mount --bind "$folder" "$folder" && mount -o remount,bind,rw "$folder" && cd "$folder" || fail "$folder"
exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin --ambient-caps=-all -- "$@"`;

/** Makes what to put before a command so that it cannot write below `roots`, only in its `folder`. */
export type ReadOnlyRoots = (roots: readonly string[], folder: string) => readonly string[];

/** Undefined where the system offers no way. */
export async function detectReadOnlyMounts(): Promise<ReadOnlyRoots | undefined> {
  for (const way of WAYS) {
    const readOnly: ReadOnlyRoots = (roots, folder) => [
      ...way,
      ...['/bin/sh', '-c', MOUNT_READ_ONLY, 'sh', folder, ...roots, '--'],
    ];
    const [file = '', ...args] = readOnly([tmpdir()], tmpdir());
    const works = await run(file, [...args, 'true'], { timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (works) return readOnly;
  }
  return undefined;
}
