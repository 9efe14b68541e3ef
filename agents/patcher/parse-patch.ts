import { Unretryable } from '../kit/index.ts';
import { splitLines, type Step } from './diff-lines.ts';

/** What a unified diff says about one file. */
export interface FilePatch {
  readonly file: string;
  readonly creates: boolean;
  readonly deletes: boolean;
  readonly hunks: readonly PatchHunk[];
}

export interface PatchHunk {
  /** The line (from 1) at which the hunk must fit. */
  readonly oldStart: number;
  readonly oldCount: number;
  readonly steps: readonly Step[];
}

/** Parses a unified diff in git's form. Throws Unretryable for renames, binary patches and what is no diff. */
export function parsePatch(patch: string): FilePatch[] {
  const sections = patch.split(/^(?=diff --git )/m).filter((section) => section.startsWith('diff --git '));
  if (sections.length === 0) throw new Unretryable('The patch has no "diff --git" header');
  return sections.map(parseSection);
}

function parseSection(section: string): FilePatch {
  const lines = splitLines(section);
  const bodyStart = lines.findIndex((line) => line.startsWith('@@ '));
  const head = lines.slice(0, bodyStart < 0 ? lines.length : bodyStart).map((line) => line.trimEnd());
  if (head.some((line) => /^(rename|copy|GIT binary|Binary files)\b/.test(line))) {
    throw new Unretryable('Renames, copies and binary patches are not supported');
  }
  return {
    file: fileOf(head),
    creates: head.some((line) => line.startsWith('new file mode')),
    deletes: head.some((line) => line.startsWith('deleted file mode')),
    hunks: bodyStart < 0 ? [] : parseHunks(lines.slice(bodyStart)),
  };
}

function fileOf(head: readonly string[]): string {
  const named =
    head.find((line) => /^\+\+\+ (?!\/dev\/null)/.test(line)) ?? head.find((line) => /^--- (?!\/dev\/null)/.test(line));
  const name = named?.slice(4) ?? /^diff --git ("?a\/.*) ("?b\/.*)$/.exec(head[0] ?? '')?.[2] ?? '';
  const plain = name.startsWith('"') ? unquote(name) : name.replace(/\t.*$/, '');
  if (!/^[ab]\/./.test(plain)) throw new Unretryable('The patch does not name its files as a/… and b/…');
  return plain.slice(2);
}

function unquote(name: string): string {
  const meanings: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
  return name.slice(1, -1).replace(/\\(.)/g, (_all, character: string) => meanings[character] ?? character);
}

function parseHunks(lines: readonly string[]): PatchHunk[] {
  const hunks: { oldStart: number; oldCount: number; steps: Step[] }[] = [];
  for (const line of lines) {
    const range = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@/.exec(line);
    const steps = hunks.at(-1)?.steps;
    if (range !== null) hunks.push({ oldStart: Number(range[1]), oldCount: Number(range[2] ?? 1), steps: [] });
    else if (line.startsWith('\\')) dropNewline(steps);
    else steps?.push({ kind: kindOf(line), text: line.slice(1) });
  }
  return hunks;
}

function kindOf(line: string): Step['kind'] {
  if (line.startsWith('+')) return 'add';
  if (line.startsWith('-')) return 'remove';
  if (line.startsWith(' ')) return 'same';
  throw new Unretryable(`The patch has a line that is neither context nor change: ${line.trimEnd().slice(0, 80)}`);
}

/** `\ No newline at end of file` speaks about the line before. */
function dropNewline(steps: Step[] | undefined): void {
  const last = steps?.pop();
  if (last !== undefined) steps?.push({ ...last, text: last.text.replace(/\n$/, '') });
}
