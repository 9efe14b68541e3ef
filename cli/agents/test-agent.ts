import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { usageError } from '../exit-codes.ts';
import type { World } from '../session.ts';
import { findAgentFolder } from './find-folder.ts';

export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AgentTest {
  /** The agent as a program, on its input. */
  readonly ran: ProgramResult;
  /** Its own tests, file by file. */
  readonly tests: readonly (ProgramResult & { readonly file: string })[];
}

export interface AgentTestOptions {
  readonly name: string;
  readonly dir: string;
  /** Without it, that of example-input.json. */
  readonly input: unknown;
  readonly world: Pick<World, 'cwd' | 'env'>;
}

/** Runs an agent of a folder on this machine, as `npm start` in it would, and then the tests that lie beside it. */
export async function testAgent({ name, dir, input, world }: AgentTestOptions): Promise<AgentTest> {
  const folder = await findFolder(name, dir, world.cwd);
  requireZod(folder);
  const argument = input === undefined ? await readExample(folder) : JSON.stringify(input);
  const ran = await runTypeScript(folder, ['index.ts', argument], world.env);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.test.ts'));
  const tests = [];
  for (const file of files) tests.push({ file, ...(await runTypeScript(folder, ['--test', file], world.env)) });
  return { ran, tests };
}

async function findFolder(name: string, dir: string, cwd: string): Promise<string> {
  const folder = await findAgentFolder(name, dir, cwd);
  if (folder !== undefined) return folder;
  throw usageError(`There is no agent ${name} in ${dir}. Make one: commandcenter agents new ${name}`);
}

function readExample(folder: string): Promise<string> {
  return readFile(join(folder, 'example-input.json'), 'utf8').catch(() => {
    throw usageError(`${folder} has no example-input.json: give an input with --input-file`);
  });
}

/** tsx comes with the development packages; an installation without them cannot run TypeScript by hand. */
async function runTypeScript(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ProgramResult> {
  const tsx = pathToFileURL(findTsx(cwd)).href;
  const child = spawn(process.execPath, ['--import', tsx, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolveExit, reject) => {
    child.once('error', reject);
    child.once('close', resolveExit);
  });
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { exitCode, stdout, stderr };
}

function requireZod(folder: string): void {
  if (!hasPackage(folder, 'zod'))
    throw usageError(`zod is not installed for the agent: run \`npm install\` in ${folder}`);
}

/** Whether an agent in this folder can import the package, from its own or a parent's node_modules. */
export function hasPackage(folder: string, name: string): boolean {
  try {
    createRequire(join(folder, 'index.ts')).resolve(name);
    return true;
  } catch {
    return false;
  }
}

function findTsx(folder: string): string {
  for (const from of [join(folder, 'index.ts'), import.meta.url]) {
    try {
      return createRequire(from).resolve('tsx');
    } catch {
      // the next place
    }
  }
  throw usageError('tsx is not installed: run `npm ci` with development packages to run agents by hand');
}
