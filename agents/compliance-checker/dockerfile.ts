/** One instruction of a Dockerfile, its continued lines joined; `line` counts from 1. */
export interface Instruction {
  readonly name: string;
  readonly args: string;
  readonly line: number;
}

/** Parses a Dockerfile: comments dropped, continuations joined, heredocs kept with their instruction. */
export function parseDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at]?.trim() ?? '';
    if (first === '' || first.startsWith('#')) continue;
    const line = at + 1;
    let whole = first;
    while (whole.endsWith('\\') && at + 1 < lines.length) {
      at++;
      const next = lines[at]?.trim() ?? '';
      if (!next.startsWith('#')) whole = `${whole.slice(0, -1)} ${next}`;
    }
    const heredoc = /<<-?["']?(\w+)["']?/.exec(whole)?.[1];
    while (heredoc !== undefined && at + 1 < lines.length && lines[at]?.trim() !== heredoc) {
      at++;
      whole += `\n${lines[at] ?? ''}`;
    }
    const [name = '', ...rest] = whole.split(/\s+/);
    instructions.push({ name: name.toUpperCase(), args: rest.join(' '), line });
  }
  return instructions;
}
