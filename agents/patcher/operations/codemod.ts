import type { SgNode } from '@ast-grep/napi';
import { extname } from 'node:path';
import ignore from 'ignore';
import { Unretryable } from '../../kit/index.ts';
import { listFiles } from '../../kit/list-files.ts';
import type { Edit } from '../edit.ts';
import { readText } from '../files.ts';
import type { InputOf } from '../schemas.ts';

/** Rewrites what matches a syntax pattern, in one file or in all that match. */
export async function codemod(root: string, { file, changes }: InputOf<'codemod'>): Promise<Edit[]> {
  const { parseSource, syntaxOf } = await import('../../kit/syntax.ts');
  const matcher = ignore().add(file);
  const paths = (await listFiles(root))
    .map(({ path }) => path)
    .filter((path) => matcher.ignores(path) && syntaxOf(extname(path)) !== undefined);
  const edits = await Promise.all(
    paths.map(async (path): Promise<Edit> => {
      const before = await readText(root, path);
      const syntax = syntaxOf(extname(path));
      if (before === undefined || syntax === undefined) return { file: path, before, after: before };
      const rewrite = (text: string, change: (typeof changes)[number]) => rewriteAll(parseSource(syntax, text), change);
      return { file: path, before, after: changes.reduce(rewrite, before) };
    }),
  );
  const changed = edits.filter(({ before, after }) => before !== after);
  if (changed.length === 0) throw new Unretryable(`Nothing matches in ${String(paths.length)} files`);
  return changed;
}

function rewriteAll(root: SgNode, { pattern, rewrite }: { pattern: string; rewrite: string }): string {
  const matches = root.findAll({ rule: { pattern } });
  // a match inside a match would write over it: outer ones first, inner ones in another run
  const outer = matches.filter(
    (match) => !matches.some((other) => other.id() !== match.id() && contains(other, match)),
  );
  return root.commitEdits(outer.map((match) => match.replace(fill(rewrite, match))));
}

function contains(outer: SgNode, inner: SgNode): boolean {
  const [a, b] = [outer.range(), inner.range()];
  return a.start.index <= b.start.index && b.end.index <= a.end.index;
}

/** `$NAME` becomes the node that matched, `$$$NAME` the list as it was written. */
function fill(rewrite: string, match: SgNode): string {
  return rewrite.replace(
    /\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)/g,
    (_all, many: string | undefined, one: string | undefined) =>
      many === undefined
        ? (match.getMatch(one ?? '')?.text() ?? '')
        : match
            .getMultipleMatches(many)
            .map((node) => node.text())
            .join(''),
  );
}
