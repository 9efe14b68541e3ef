import { readFile } from 'node:fs/promises';

/** A fenced block of the runbook: ```` ```bash exit=1 db=empty ````. */
export interface Block {
  readonly language: 'bash' | 'sql' | 'promql';
  readonly heading: string;
  readonly line: number;
  readonly text: string;
  /** What the last command ends with; 0 unless the fence says otherwise. */
  readonly exitCode: number;
  /** The database that the block works on. */
  readonly database: 'source' | 'empty' | 'plain';
  /** The run that `$RUN_ID` is: one that failed, or a fresh one that is open. */
  readonly run: 'failed' | 'open';
}

const FENCE = /^```(bash|sql|promql)((?: \w+=\w+)*)$/;

export async function readBlocks(file: string): Promise<Block[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const blocks: Block[] = [];
  let heading = '';
  lines.forEach((line, index) => {
    if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    const [, language, given = ''] = FENCE.exec(line) ?? [];
    if (language === undefined) return;
    const end = lines.indexOf('```', index);
    const settings = new Map(
      given
        .trim()
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    );
    blocks.push({
      language: language as Block['language'],
      heading,
      line: index + 1,
      text: lines.slice(index + 1, end).join('\n'),
      exitCode: Number(settings.get('exit') ?? 0),
      database: (settings.get('db') ?? 'source') as Block['database'],
      run: (settings.get('id') ?? 'failed') as Block['run'],
    });
  });
  return blocks;
}
