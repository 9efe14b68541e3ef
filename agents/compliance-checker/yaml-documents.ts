import { LineCounter, isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node } from 'yaml';
import type { Project } from './project.ts';
import { PRACTICE } from './source-lines.ts';

/** A mapping in a YAML file that still knows its lines. */
export interface YamlMap {
  /** Plain value at `path`, or undefined. */
  get(...path: (string | number)[]): unknown;
  /** The mappings in the list or mapping at `path`, with their keys. */
  children(...path: (string | number)[]): { key: string; map: YamlMap }[];
  /** The line (from 1) of the value at `path`, else of the nearest ancestor that exists. */
  line(...path: (string | number)[]): number;
}

/** Every document of every YAML file whose path matches; files that do not parse are left out. */
export async function readYaml(project: Project, files: RegExp): Promise<{ file: string; map: YamlMap }[]> {
  const paths = project.files.filter((path) => files.test(path) && !PRACTICE.test(path));
  const documents = await Promise.all(
    paths.map(async (file) => {
      const lines = new LineCounter();
      const parsed = parseAllDocuments(await project.read(file), { lineCounter: lines, logLevel: 'silent' });
      const sound = [...parsed].filter((document) => document.errors.length === 0 && isMap(document.contents));
      return sound.map((document) => ({ file, map: wrap(document as Document, document.contents as Node, lines) }));
    }),
  );
  return documents.flat();
}

function wrap(document: Document, node: Node, lines: LineCounter): YamlMap {
  const find = (path: readonly (string | number)[]): Node | undefined => {
    let at: unknown = node;
    for (const key of path) at = isMap(at) || isSeq(at) ? at.get(key, true) : undefined;
    return (at ?? undefined) as Node | undefined;
  };
  return {
    get: (...path) => find(path)?.toJS(document) as unknown,
    children: (...path) => childrenOf(find(path)).map(({ key, value }) => ({ key, map: wrap(document, value, lines) })),
    line(...path) {
      for (let length = path.length; length >= 0; length--) {
        const offset = find(path.slice(0, length))?.range?.[0];
        if (offset !== undefined) return lines.linePos(offset).line;
      }
      return 1;
    },
  };
}

function childrenOf(node: Node | undefined): { key: string; value: Node }[] {
  if (isSeq(node)) return node.items.map((value, at) => ({ key: String(at), value: value as Node }));
  if (!isMap(node)) return [];
  return node.items.map(({ key, value }) => ({ key: String(isScalar(key) ? key.value : key), value: value as Node }));
}
