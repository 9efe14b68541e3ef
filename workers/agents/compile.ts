import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle } from './bundle.ts';
import { writeWhole } from './write-whole.ts';

export interface CompiledModule {
  /** Absolute path of the ES module that plain `node` runs. */
  readonly file: string;
  /** Absolute paths of what it was made of. */
  readonly sources: readonly string[];
  /** Absolute paths of the packages that it imports. */
  readonly packages: readonly string[];
}

/**
 * Compiles one module of an agent into `<cacheDir>/agents`, under a name made of its content; nothing is written into
 * the agent's folder. Works for any folder: relative imports are bundled, packages found from where the folder lies.
 * @throws Error with each problem's file, line and reason
 */
export async function compileModule(source: string, cacheDir: string): Promise<CompiledModule> {
  const { code, sources, packages } = await bundle(source, 'absolute').catch((error: unknown) => {
    throw new Error(`cannot be compiled: ${problemsOf(error)}`, { cause: error });
  });
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 20);
  const file = join(cacheDir, 'agents', `${basename(join(source, '..'))}-${digest}.mjs`);
  if (!existsSync(file)) await writeWhole(file, code);
  return { file, sources, packages };
}

function problemsOf(error: unknown): string {
  const { errors, message } = error as { errors?: BuildProblem[]; message: string };
  if (!errors || errors.length === 0) return message;
  return errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    .join('; ');
}

interface BuildProblem {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number } | null;
}
