import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

export const PLAIN_SCHEMAS =
  "import { z } from 'zod';\nexport const InputSchema = z.object({});\nexport const OutputSchema = z.object({});\n";

/** Somebody's folder of agents, outside this repository. */
export interface AgentsFolder {
  readonly directory: string;
  /** Writes an agent's files; with what it does not name, it is a sound one. */
  add(name: string, files?: Readonly<Record<string, string>>): string;
  remove(): void;
}

export function createAgentsFolder(): AgentsFolder {
  // with a space: paths become URLs and back
  const root = mkdtempSync(join(tmpdir(), 'some body’s agents-'));
  symlinkSync(NODE_MODULES, join(root, 'node_modules'));
  const directory = join(root, 'agents');
  mkdirSync(directory);
  return {
    directory,
    add(name, files = {}) {
      const folder = join(directory, name);
      const sound = {
        'package.json': '{"type":"module"}',
        'schemas.ts': PLAIN_SCHEMAS,
        'index.ts': 'console.log("{}");\n',
      };
      for (const [path, content] of Object.entries({ ...sound, ...files })) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
        if (content.startsWith('#!')) chmodSync(join(folder, path), 0o755);
      }
      return folder;
    },
    remove() {
      rmSync(root, { recursive: true });
    },
  };
}
