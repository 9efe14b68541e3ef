import { isCollection, isScalar, parseDocument } from 'yaml';
import { Unretryable } from '../../kit/index.ts';
import type { ConfigEdit, Key } from './config-edit.ts';

/**
 * Changes one value of a YAML text. A scalar that becomes another scalar is exchanged in place, every other character
 * stays; for the rest the document is written anew, comments and order kept.
 */
export function editYaml(text: string, edit: ConfigEdit): string {
  const document = parseDocument(text, { keepSourceTokens: true });
  const [error] = document.errors;
  if (error !== undefined) throw new Unretryable(`The file is no YAML: ${error.message.split('\n')[0] ?? ''}`);
  const path = edit.path.map(asIndex);
  if ('remove' in edit) {
    if (!document.deleteIn(path)) throw new Unretryable(`There is nothing at ${edit.path.join('.')}`);
    return String(document);
  }
  const node = document.getIn(path, true);
  const range = isScalar(node) ? node.range : undefined;
  if (isScalar(node) && node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED' && range && isPlain(edit.value)) {
    return text.slice(0, range[0]) + scalarText(edit.value) + text.slice(range[1]);
  }
  if (edit.path.length > 1 && !isCollection(document.getIn(path.slice(0, -1), true)))
    throw new Unretryable(`There is nothing at ${edit.path.slice(0, -1).join('.')}`);
  document.setIn(path, edit.value);
  return document.toString({ lineWidth: 0 });
}

function asIndex(key: Key): Key {
  return typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : key;
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** JSON's notation is YAML's too; plain words stay without quotes. */
function scalarText(value: string | number | boolean | null): string {
  const isWord =
    typeof value === 'string' &&
    /^[A-Za-z_][\w./-]*$/.test(value) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isWord ? value : JSON.stringify(value);
}
