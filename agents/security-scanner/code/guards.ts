import type { SgNode } from '@ast-grep/napi';
import { kindOf } from './shape.ts';
import type { FindingType } from '../schemas.ts';

const FUNCTION =
  /^(function_declaration|function_expression|arrow_function|method_definition|generator_function\w*|function_definition|method_declaration|constructor_declaration|func_literal|lambda_expression)$/;
const PATH_CHECK =
  /(\.startsWith\s*\(|\.startswith\(|HasPrefix\(|is_relative_to\(|commonpath\(|commonprefix\(|filepath\.(IsLocal|Rel)\(|path\.relative\(|isInside\w*\(|isWithin\w*\(|assertInside\w*\(|securejoin|SecureJoin|\.normalize\(\)\.startsWith|contains\("\.\."\)|includes\(['"]\.\.['"]\)|strings\.Contains\([^)]*"\.\."\)|['"]\.\.[/\\]*['"] (not )?in )/;
const LONGEST_FUNCTION = 20_000;

/**
 * True when the function around `node` checks the value before it is used: against a list of what is allowed, a
 * pattern, or (for paths) the folder it must lie in. Trusts that the check is followed by a refusal.
 */
export function isGuarded(node: SgNode, type: FindingType): boolean {
  const fn = node.ancestors().find((ancestor) => FUNCTION.test(kindOf(ancestor)));
  if (fn === undefined) return false;
  const before = fn.text().slice(0, Math.min(LONGEST_FUNCTION, node.range().start.index - fn.range().start.index));
  if (type === 'path-traversal' && PATH_CHECK.test(before)) return true;
  return names(node).some((name) => isChecked(name, before));
}

function names(node: SgNode): string[] {
  const found = node.is('identifier') ? [node] : node.findAll({ rule: { kind: 'identifier' } });
  return [...new Set(found.slice(0, 10).map((name) => name.text()))];
}

function isChecked(name: string, before: string): boolean {
  const word = name.replace(/[^\w]/g, '\\$&');
  return [
    `\\.(includes|has|contains|containsKey|indexOf|hasOwnProperty)\\s*\\(\\s*${word}\\b`,
    `\\bif\\s*\\(?\\s*(not\\s+)?${word}\\s+(not\\s+)?in\\s+[\\w.({[]`,
    `\\b\\w*(allow|valid|permit|safe|known|whitelist)\\w*\\s*\\[\\s*${word}\\s*\\]`,
    `(\\/\\.test|\\.test|re\\.(full)?match|fullmatch|MatchString|Match)\\(([^()]*,\\s*)?${word}\\s*\\)`,
    `\\bif\\s*\\(?\\s*!?\\s*${word}\\.(matches|isdigit|isalnum|isidentifier)\\(`,
    `Pattern\\.matches\\([^)]*,\\s*${word}\\s*\\)`,
    `slices\\.Contains\\([^)]*,\\s*${word}\\s*\\)`,
  ].some((pattern) => new RegExp(pattern).test(before));
}
