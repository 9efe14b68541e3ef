import { Command, CommanderError } from 'commander';
import { AppError } from '../contracts/errors.ts';
import { readRelease } from '../platform/release.ts';
import { registerAgents } from './commands/agents.ts';
import { registerApprovals } from './commands/approvals.ts';
import { registerAudit } from './commands/audit.ts';
import { registerBackup } from './commands/backup.ts';
import { registerCompletion } from './commands/completion.ts';
import { registerContext } from './commands/context.ts';
import { registerDev } from './commands/dev.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerLimits } from './commands/limits.ts';
import { registerOpen } from './commands/open.ts';
import { registerRestore } from './commands/restore.ts';
import { registerRun } from './commands/run.ts';
import { registerRuns } from './commands/runs.ts';
import { registerSecrets } from './commands/secrets.ts';
import { registerSignals } from './commands/signals.ts';
import { registerTokens } from './commands/tokens.ts';
import { registerTriggers } from './commands/triggers.ts';
import { registerWorkers } from './commands/workers.ts';
import { registerWorkflow } from './commands/workflow.ts';
import { CliError, EXIT, type ExitCode } from './exit-codes.ts';
import { createOutput } from './output.ts';
import { createActions, type Actions, type Register, type World } from './session.ts';
import { DEFAULT_URL } from './settings.ts';

/** The commands in the order of `--help`. */
const COMMANDS: readonly Register[] = [
  registerWorkflow,
  registerRun,
  registerRuns,
  registerTriggers,
  registerApprovals,
  registerSignals,
  registerAgents,
  registerDev,
  registerTokens,
  registerSecrets,
  registerLimits,
  registerAudit,
  registerDoctor,
  registerWorkers,
  registerBackup,
  registerRestore,
  registerOpen,
  registerContext,
  registerCompletion,
];

const EXIT_CODES = `
Exit codes:
  0  ok              1  the run failed, or a check found something
  2  wrong usage or invalid input
  3  the service cannot be reached or cannot serve now
  4  refused: no valid token, or one without the scope

Examples:
  commandcenter workflow apply examples/
  commandcenter run full-analysis --watch --input repositoryPath=/workspace/app
  commandcenter runs list --status FAILED
  commandcenter runs retry @last --watch
`;

/** Runs one command line. Never throws: what goes wrong is told on stderr and by the exit code. */
export async function runCli(args: readonly string[], world: World): Promise<ExitCode> {
  const actions = createActions(world);
  try {
    // as an option of its own it would hide the `--version <number>` of commands
    const given = args.length === 1 && args[0] === '--version' ? ['-V'] : [...args];
    await createProgram(world, actions).parseAsync(given, { from: 'user' });
    return actions.exitCode;
  } catch (error) {
    return tell(error, args, world);
  }
}

export function createProgram(world: World, actions: Actions): Command {
  const program = new Command('commandcenter')
    .description('Runs operations work as workflows, from the command line')
    .version(readRelease(), '-V', 'the version of this program')
    .option('--json', 'the answer as JSON')
    .option('--url <address>', `the service (COMMANDCENTER_URL, or ${DEFAULT_URL})`)
    .option('--token <token>', 'who asks (COMMANDCENTER_TOKEN)')
    .option('--context <name>', 'a service of the configuration file (COMMANDCENTER_CONTEXT)')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('Add --help for what is possible.');
  for (const register of COMMANDS) register(program, actions);
  const { colours } = createOutput(world);
  forEachCommand(program, (command) => {
    command
      .exitOverride()
      .configureHelp({ showGlobalOptions: true, styleTitle: colours.bold, sortOptions: true })
      .configureOutput({
        writeOut: (text) => void world.stdout.write(text),
        writeErr: (text) => void world.stderr.write(text),
        getOutHasColors: () => colours.isColorSupported,
        getErrHasColors: () => colours.isColorSupported,
      });
  });
  return program;
}

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}

function tell(error: unknown, args: readonly string[], world: World): ExitCode {
  // commander has printed its message already; help and version are no errors
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const failure = asFailure(error);
  const { message, exitCode, problems, status } = failure;
  const out = createOutput({ ...world, stdout: world.stderr });
  if (args.includes('--json')) {
    out.json({ error: { message, exitCode, ...(status !== undefined && { status }), problems } });
    return exitCode;
  }
  out.line(`${out.colours.red('error:')} ${message}`);
  for (const problem of problems)
    out.line(problem.path === '' ? `  ${problem.message}` : `  ${problem.path}: ${problem.message}`);
  return exitCode;
}

function asFailure(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof AppError) return new CliError(EXIT.usage, error.message, { problems: error.problems });
  return new CliError(EXIT.failed, error instanceof Error ? (error.stack ?? error.message) : String(error));
}
