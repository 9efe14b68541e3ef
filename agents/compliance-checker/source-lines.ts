import type { Breach } from './rule.ts';
import type { Project } from './project.ts';

/** The line (from 1) on which `needle` first stands in `text`; 1 when it does not. */
export function lineOf(text: string, needle: string | RegExp): number {
  const at = typeof needle === 'string' ? text.indexOf(needle) : text.search(needle);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

/** A breach for every line that matches `pattern` in the files that match `files`. */
export async function matchLines(project: Project, files: RegExp, pattern: RegExp, message: string): Promise<Breach[]> {
  const paths = project.files.filter((path) => files.test(path));
  const breaches = await Promise.all(
    paths.map(async (file) => {
      const lines = (await project.read(file)).split('\n');
      return lines.flatMap((text, index) => (pattern.test(text) ? [{ file, line: index + 1, message }] : []));
    }),
  );
  return breaches.flat();
}

/** Where people keep what is no part of the product. */
export const PRACTICE = /(^|\/)(tests?|__tests__|specs?|fixtures?|testdata|examples?|samples?|mocks?|docs?)\//i;
