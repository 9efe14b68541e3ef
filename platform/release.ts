import { readFileSync } from 'node:fs';

/** The release that this code is of, from package.json: `0.1.0`. */
export function readRelease(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? '../package.json' : '../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
