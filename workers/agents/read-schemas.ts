import { fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { JsonObject } from '../../contracts/json.ts';
import { programFile } from '../executors/program.ts';

/** JSON Schema (2020-12) of what an agent takes and gives. */
export interface AgentSchemas {
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
}

/** What schema-reader.ts answers. */
export type SchemaAnswer = ({ readonly ok: true } & AgentSchemas) | { readonly ok: false; readonly reason: string };

const LONGEST_MS = 20_000;

/**
 * Reads the schemas of an agent in a process of their own, with the agent's own zod, so that whatever its code does on
 * import stays there.
 * @param compiled the agent's compiled schemas.ts
 * @param directory the agent's folder, from where its zod is found
 * @throws Error with the reason when there are none, they cannot be read, or reading takes longer than 20 s
 */
export async function readSchemas(compiled: string, directory: string, cacheDir: string): Promise<AgentSchemas> {
  const program = await programFile(new URL('./schema-reader', import.meta.url), cacheDir);
  const answer = await ask(program, [compiled, directory]);
  if (!answer.ok) throw new Error(`schemas.ts: ${answer.reason}`);
  const { inputSchema, outputSchema } = answer;
  return { inputSchema, outputSchema };
}

function ask(program: string, args: readonly string[]): Promise<SchemaAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(program, args, {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH ?? '' },
      execArgv: [],
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    let answer: SchemaAnswer | undefined;
    const timer = setTimeout(() => {
      answer = {
        ok: false,
        reason: `was not read within ${LONGEST_MS / 1000} s: it must only declare schemas`,
      };
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, LONGEST_MS);
    child.stderr?.on('data', (chunk: Buffer) => (stderr = `${stderr}${chunk.toString()}`.slice(-2_000)));
    child.once('message', (message) => {
      answer = message as SchemaAnswer;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(answer ?? { ok: false, reason: `ended the process that read it (exit code ${code}) ${stderr.trim()}` });
    });
  });
}
