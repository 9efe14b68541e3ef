import { AppError } from '../contracts/errors.ts';
import { LIMITS } from './limits.ts';

export type TemplatePart = { readonly text: string } | { readonly expression: string };

const OPEN = '{{';
const ESCAPED_OPEN = '\\{{';

/**
 * Cuts `Found {{ n }} in {{ m }}` into text and expressions. An expression ends at the first `}}` outside of its strings
 * and braces, so that maps (`{{ {"a": {"b": 1}} }}`) need no care.
 * @throws AppError TEMPLATE_ERROR for a `{{` without its `}}`.
 */
export function splitTemplate(template: string): TemplatePart[] {
  if (template.length > LIMITS.templateLength) {
    throw new AppError(
      'TEMPLATE_ERROR',
      `A string with templates has at most ${LIMITS.templateLength} characters, this has ${template.length}`,
    );
  }
  const parts: TemplatePart[] = [];
  let text = '';
  for (let at = 0; at < template.length;) {
    const open = template.indexOf(OPEN, at);
    if (open < 0) {
      text += template.slice(at);
      break;
    }
    if (template.startsWith(ESCAPED_OPEN, open - 1) && open > at) {
      text += template.slice(at, open - 1) + OPEN;
      at = open + OPEN.length;
      continue;
    }
    text += template.slice(at, open);
    if (text !== '') parts.push({ text });
    text = '';
    const end = endOfExpression(template, open + OPEN.length);
    parts.push({ expression: template.slice(open + OPEN.length, end).trim() });
    at = end + 2;
  }
  return text === '' && parts.length > 0 ? parts : [...parts, { text }];
}

const PIECES = /"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\}\}|[{}]/g;

function endOfExpression(template: string, start: number): number {
  PIECES.lastIndex = start;
  let depth = 0;
  for (let piece = PIECES.exec(template); piece !== null; piece = PIECES.exec(template)) {
    if (piece[0] === '{') depth += 1;
    if (piece[0] === '}') depth -= 1;
    if (piece[0] !== '}}') continue;
    if (depth === 0) return piece.index;
    // the first of the two closes a map
    depth -= 1;
    PIECES.lastIndex = piece.index + 1;
  }
  throw new AppError(
    'TEMPLATE_ERROR',
    `"{{" at column ${start - 1} has no "}}"; write "\\{{" for the characters themselves`,
  );
}
