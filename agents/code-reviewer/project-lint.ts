import { execFile, type ExecFileException } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { isInside, type AgentContext } from '../kit/index.ts';
import type { Input, Issue, Output } from './schemas.ts';

/** Long enough for rules that need types in a large project. */
const LONGEST_MS = 120_000;
const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;
/** More names than that do not fit into a command line everywhere: then the whole folder is asked. */
const MOST_NAMES = 500;
const LINTED = /^\.[cm]?[jt]sx?$/;
/** What ESLint gets of the environment; no secret is among it. */
const INHERITED = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

export type ProjectLint = NonNullable<Output['projectLint']>;

export interface LintResult {
  readonly report: ProjectLint;
  readonly issues: readonly Issue[];
}

/**
 * Runs the repository's own ESLint, in its own version and with its own configuration, over `files`. That executes the
 * repository's code, so it happens only when the input says so. Never throws: what keeps it from running is in `report`.
 */
export async function lintAsProject(
  root: string,
  files: readonly string[],
  { head }: Input,
  { signal, log }: AgentContext,
): Promise<LintResult> {
  const refuse = (reason: string): LintResult => {
    log.warn('The project’s own lint did not run', { reason });
    return { report: { ran: false, reason }, issues: [] };
  };
  if (head !== undefined) return refuse('it reads the files as they lie in the folder: leave out head');
  const linted = files.filter((file) => LINTED.test(extname(file)));
  if (linted.length === 0) return refuse('there is no JavaScript or TypeScript to review');
  const eslint = await findEslint(root);
  if (typeof eslint === 'string') return refuse(eslint);
  log.info('Running the project’s own lint', { version: eslint.version, files: linted.length });
  const answer = await run(eslint.program, root, linted, signal);
  const results = parse(answer.stdout);
  if (results === undefined) return refuse(reasonOf(answer));
  return {
    report: { ran: true, version: eslint.version },
    issues: results.flatMap((result) => toIssues(result, root, new Set(linted))),
  };
}

interface Eslint {
  readonly program: string;
  readonly version: string;
}

/** ESLint as installed in the repository, or why there is none to run. */
async function findEslint(root: string): Promise<Eslint | string> {
  const folder = join(root, 'node_modules', 'eslint');
  try {
    const { version, bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      version: string;
      bin: string | { eslint: string };
    };
    const program = await realpath(join(folder, typeof bin === 'string' ? bin : bin.eslint));
    if (!isInside(await realpath(root), program)) return 'node_modules/eslint leads out of the repository';
    return { program, version };
  } catch {
    return 'ESLint is not installed in the repository: run its package manager’s install first (npm ci)';
  }
}

interface Answer {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One child without a shell, ended by force when its time is over, its output is too large or the run is cancelled. */
function run(program: string, root: string, files: readonly string[], signal: AbortSignal): Promise<Answer> {
  const named = files.length > MOST_NAMES ? ['.'] : files;
  const args = [program, '--format', 'json', '--no-color', '--no-error-on-unmatched-pattern', '--', ...named];
  const env = Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const limits = { timeout: LONGEST_MS, maxBuffer: LARGEST_OUTPUT_BYTES, killSignal: 'SIGKILL', signal } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env, ...limits }, (error, stdout, stderr) => {
      resolve({ error, stdout, stderr });
    });
  });
}

interface Message {
  readonly ruleId: string | null;
  readonly severity: 1 | 2;
  readonly message: string;
  readonly line?: number;
  readonly fix?: unknown;
}

interface FileResult {
  readonly filePath: string;
  readonly messages: readonly Message[];
}

/** ESLint's report; undefined when it printed none, as when its configuration cannot be read. */
function parse(stdout: string): FileResult[] | undefined {
  try {
    const results: unknown = JSON.parse(stdout);
    return Array.isArray(results) ? (results as FileResult[]) : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf({ error, stderr }: Answer): string {
  if (error?.name === 'AbortError') return 'the run was cancelled';
  if (error?.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it printed more than 64 MiB';
  if (error?.killed === true) return `it took longer than ${String(LONGEST_MS / 1000)} s: narrow it with filePattern`;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => line.includes('Error: ')) ?? lines.find((line) => !line.startsWith('Oops'));
  return `ESLint could not lint: ${said?.trim().slice(0, 300) ?? 'it said nothing'}`;
}

function toIssues({ filePath, messages }: FileResult, root: string, asked: ReadonlySet<string>): Issue[] {
  const file = relative(root, filePath).split(sep).join('/');
  if (!asked.has(file)) return [];
  // without a rule and a line it speaks about itself: "File ignored because …"
  return messages.flatMap(({ ruleId, severity, message, line, fix }) =>
    ruleId === null && line === undefined
      ? []
      : [
          {
            type: 'lint' as const,
            severity: severity === 2 ? ('error' as const) : ('warning' as const),
            file,
            line: Math.max(1, line ?? 1),
            description: message,
            suggestion: fix === undefined ? suggestionFor(ruleId) : 'eslint --fix repairs it',
            rule: `eslint:${ruleId ?? 'syntax'}`,
          },
        ],
  );
}

function suggestionFor(ruleId: string | null): string {
  return ruleId === null
    ? 'Repair the syntax'
    : `Follow the project’s rule ${ruleId}, or say in its configuration why not`;
}
