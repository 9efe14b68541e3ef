import { readFile } from 'node:fs/promises';
import { parse, parseAllDocuments } from 'yaml';

/** Reads a YAML file with its anchors and merge keys. @throws YAMLParseError with the place */
export async function readYaml<T>(path: string): Promise<T> {
  return parse(await readFile(path, 'utf8'), { merge: true }) as T;
}

/** Every document of a file. @throws YAMLParseError with the place */
export async function readYamlDocuments<T>(path: string): Promise<T[]> {
  const documents = parseAllDocuments(await readFile(path, 'utf8'));
  return documents.flatMap((document) => {
    const [error] = 'errors' in document ? document.errors : [];
    if (error) throw error;
    return [(document as { toJS(): unknown }).toJS() as T];
  });
}
