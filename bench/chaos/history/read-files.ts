import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallerAnswer, JournalLine } from './history.ts';

export function readJournal(file: string): Promise<JournalLine[]> {
  return readLines<JournalLine>(file);
}

export function readAnswers(file: string): Promise<CallerAnswer[]> {
  return readLines<CallerAnswer>(file);
}

/** A line that was cut by a kill is no line. */
async function readLines<T>(file: string): Promise<T[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });
}

/** Logs of the service in the folder that show the text. */
export async function findInLogs(folder: string, text: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const shown = await Promise.all(
    names.map(async (name) => (await readFile(join(folder, name), 'utf8')).includes(text)),
  );
  return names.filter((_, index) => shown[index]).map((name) => `log ${name}`);
}
