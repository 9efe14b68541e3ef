import type { Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.ts';
import { completeWords } from '../completion/complete.ts';
import { usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';

export const registerCompletion: Register = (program, { action }) => {
  program
    .command('completion')
    .description('a script that completes commands, options and names in your shell')
    .argument('<shell>', SHELLS.join(', '))
    .addHelpText(
      'after',
      `
Examples:
  source <(commandcenter completion bash)                      # in ~/.bashrc
  source <(commandcenter completion zsh)                       # in ~/.zshrc
  commandcenter completion fish > ~/.config/fish/completions/commandcenter.fish
`,
    )
    .action(action(print));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(action((session: Session, _: unknown, words: readonly string[]) => complete(session, program, words)));
};

async function print({ out }: Session, _: unknown, shell: string): Promise<void> {
  if (!isShell(shell)) throw usageError(`${shell} is none of ${SHELLS.join(', ')}`);
  out.raw(completionScript(shell));
  return Promise.resolve();
}

function isShell(shell: string): shell is Shell {
  return (SHELLS as readonly string[]).includes(shell);
}

async function complete({ client, out }: Session, program: Command, words: readonly string[]): Promise<void> {
  for (const word of await completeWords(program, words, client)) out.line(word);
}
