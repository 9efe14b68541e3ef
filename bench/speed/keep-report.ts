import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Puts a benchmark's figures into bench/<name>.json and their page beside it, named in capitals. A quick run's mean
 * nothing: they go to bench/quick-<name>.json, and there is no page.
 */
export async function keepReport(
  name: string,
  report: object,
  { isQuick, page }: { readonly isQuick: boolean; readonly page: () => string },
): Promise<void> {
  await writeFile(pathOf(`${isQuick ? 'quick-' : ''}${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  if (!isQuick) await writeFile(pathOf(`${name.toUpperCase()}.md`), page());
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}
