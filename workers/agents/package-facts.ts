import { access, readFile } from 'node:fs/promises';
import { constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentManifest } from '../executors/executor.ts';

/** What is read of an agent's package.json. */
export interface PackageFacts {
  readonly version: string;
  readonly description: string;
  readonly image: string | undefined;
  /** Absolute; TypeScript, JavaScript, or an executable program in any language. */
  readonly source: string;
  readonly manifest: AgentManifest;
}

const engineSection = z
  .strictObject({
    riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']).default('AUTO'),
    network: z.boolean().default(true),
    workspace: z.enum(['read', 'write', 'none']).default('read'),
    workspaceFields: z.array(z.string()).default([]),
    secrets: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable')).default([]),
    pool: z.string().optional(),
    timeoutSeconds: z.number().positive().optional(),
    maxConcurrent: z.int().min(1).max(100_000).optional(),
    image: z.string().optional(),
    entry: z.string().optional(),
  })
  .prefault({});

const packageFile = z.object({
  version: z.string().default('0.0.0'),
  description: z.string().default(''),
  main: z.string().optional(),
  commandcenter: engineSection,
});

/** Where an agent's code may begin, when its package.json does not say. */
const USUAL_ENTRIES = ['index.ts', 'index.mts', 'index.js', 'index.mjs'];
const SCRIPT = /\.[cm]?[jt]sx?$/;

/** @throws Error with what is wrong in the package.json, field by field, or that there is no program */
export async function readPackageFacts(directory: string): Promise<PackageFacts> {
  const parsed = packageFile.safeParse(await readJson(join(directory, 'package.json')));
  if (!parsed.success) throw new Error(`package.json: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  const { version, description, main, commandcenter } = parsed.data;
  const { image, entry, pool, timeoutSeconds, maxConcurrent, workspaceFields, ...manifest } = commandcenter;
  return {
    version,
    description,
    image,
    source: await findSource(
      directory,
      entry === undefined ? [...USUAL_ENTRIES, ...(main === undefined ? [] : [main])] : [entry],
    ),
    manifest: {
      ...manifest,
      workspaceFields: [...new Set(['repositoryPath', ...workspaceFields])],
      ...(pool === undefined ? {} : { pool }),
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    },
  };
}

/** True when the source has to be compiled before Node.js can run it from anywhere. */
export function isScript(source: string): boolean {
  return SCRIPT.test(source);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`package.json is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}

async function findSource(directory: string, candidates: readonly string[]): Promise<string> {
  const source = candidates.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (source === undefined) {
    throw new Error(
      `there is no program: add index.ts, or name another file as commandcenter.entry in package.json (looked for ${candidates.join(', ')})`,
    );
  }
  if (!isScript(source)) {
    await access(source, constants.X_OK).catch(() => {
      throw new Error(`${source} is not executable (chmod +x), and neither TypeScript nor JavaScript`);
    });
  }
  return source;
}
