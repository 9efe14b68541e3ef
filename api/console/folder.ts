import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the build puts the console: dist/web, seen from the sources and from the compiled code in dist/api. */
export function builtConsoleFolder(): string {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  return basename(root) === 'dist' ? join(root, 'web') : join(root, 'dist', 'web');
}
