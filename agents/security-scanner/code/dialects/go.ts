import type { SgNode } from '@ast-grep/napi';
import { kindOf, canonical, type Definition, type Dialect, type Imports, type Shape } from '../shape.ts';

const LITERALS = new Set(['int_literal', 'float_literal', 'rune_literal', 'true', 'false', 'nil', 'iota']);

export const go: Dialect = {
  functionKinds: ['function_declaration', 'method_declaration', 'func_literal'],
  callKinds: ['call_expression'],
  creationKinds: [],
  returnKinds: ['return_statement'],
  definitionKinds: ['short_var_declaration', 'assignment_statement', 'var_spec', 'const_spec', 'range_clause'],
  countingKinds: ['inc_statement', 'dec_statement'],
  dividesIntegers: true,
  isNewCollection: () => false,
  sources:
    /^((r|req|request)\.(URL|Form|PostForm|FormValue|PostFormValue|Header|Body|Cookie|Host|RequestURI|MultipartForm|PathValue|FormFile)\b|(c|ctx|context|gctx)\.(Param|Query|DefaultQuery|PostForm|FormValue|QueryParam|GetHeader|Params|FormParams|QueryParams|Cookies|GetQuery|BodyParser)\(|(header|handler|fileHeader|fh)\.Filename$|mux\.Vars\(|chi\.URLParam\()/,
  neutralisers:
    /^(strconv\.(Atoi|Parse\w+|Itoa|FormatInt|Quote)|len|cap|int|int64|int32|uint|uint64|float64|uuid\.\w+|time\.\w+|filepath\.Rel|strings\.(Contains|HasPrefix|HasSuffix|Index|EqualFold))$/,
  shape,
  callee: calleeOf,
  definitions,
  parameters: (fn) =>
    fn
      .field('parameters')
      ?.findAll({ rule: { kind: 'identifier', inside: { kind: 'parameter_declaration' } } })
      .map((name) => name.text()) ?? [],
  isPrivate: () => false, // other files of the package can
  functionName: (fn) => fn.field('name')?.text(),
  isHandlerParameter: () => false, // handlers get the request itself: `sources` knows its fields
};

function shape(node: SgNode, imports: Imports): Shape {
  const kind = kindOf(node);
  if (LITERALS.has(kind)) return { kind: 'literal', text: '' };
  switch (kind) {
    case 'interpreted_string_literal':
    case 'raw_string_literal':
      return { kind: 'literal', text: node.text().slice(1, -1) };
    case 'binary_expression':
      return binary(node);
    case 'identifier':
      return { kind: 'name', name: node.text() };
    case 'selector_expression':
      return member(node.field('operand'), node.field('field'));
    case 'index_expression':
    case 'slice_expression':
      return member(node.field('operand'), node.field('index'));
    case 'parenthesized_expression':
    case 'expression_list':
    case 'variadic_argument':
    case 'literal_value':
    case 'literal_element':
    case 'type_assertion_expression':
      return { kind: 'any-of', parts: node.namedChildren() };
    case 'composite_literal':
      return { kind: 'any-of', parts: [node.field('body')].filter((body) => body !== null) };
    case 'keyed_element':
      return { kind: 'any-of', parts: node.namedChildren().slice(1) };
    case 'type_conversion_expression':
      return { kind: 'any-of', parts: [node.field('operand')].filter((operand) => operand !== null) };
    case 'unary_expression':
      return { kind: 'any-of', parts: [node.field('operand')].filter((operand) => operand !== null) };
    case 'call_expression':
      return call(node, imports);
    case 'func_literal':
      return { kind: 'inert' };
    default:
      return { kind: 'unknown' };
  }
}

function binary(node: SgNode): Shape {
  const parts = [node.field('left'), node.field('right')].filter((operand) => operand !== null);
  return node.field('operator')?.text() === '+' ? { kind: 'built', text: '', parts } : { kind: 'inert' };
}

function member(object: SgNode | null, name: SgNode | null): Shape {
  return object === null ? { kind: 'unknown' } : { kind: 'member', object, name: name?.text() ?? '' };
}

function calleeOf(node: SgNode, imports: Imports): string {
  return canonical(node.field('function')?.text() ?? '', imports);
}

function call(node: SgNode, imports: Imports): Shape {
  const callee = node.field('function');
  if (callee === null) return { kind: 'unknown' };
  const args =
    node
      .field('arguments')
      ?.namedChildren()
      .filter((child) => !child.is('comment')) ?? [];
  const name = calleeOf(node, imports);
  if (/^(fmt\.(Sprintf|Sprint|Sprintln)|strings\.Join|bytes\.Join|filepath\.Join|path\.Join|append)$/.test(name))
    return { kind: 'built', text: '', parts: args };
  if (callee.is('parenthesized_expression') || /^(\[\]byte|\[\]rune|string)$/.test(name))
    return { kind: 'any-of', parts: args };
  const receiver = callee.is('selector_expression') ? (callee.field('operand') ?? undefined) : undefined;
  return { kind: 'call', call: { node, callee: name, receiver, args, keywords: new Map(), isNew: false } };
}

/** `a, b := x, y` pairs them; `a, err := f()` gives every name the one value. */
function definitions(node: SgNode): Definition[] {
  const targets =
    node.fieldChildren('name').length > 0
      ? node.fieldChildren('name').filter((child) => child.is('identifier'))
      : flat(node.field('left'));
  const values = flat(node.field('right') ?? node.field('value'));
  const appends = node.field('operator')?.text() === '+=';
  return targets.flatMap((target, at) => {
    const value = values.length === targets.length ? values[at] : values[0];
    return value === undefined || !target.is('identifier') || target.text() === '_'
      ? []
      : [{ name: target.text(), value, appends, node }];
  });
}

function flat(list: SgNode | null): SgNode[] {
  if (list === null) return [];
  return list.is('expression_list') ? list.namedChildren() : [list];
}

/** Imports under another name; without one a package goes by its last part, which is what rules say. */
export function goImports(source: string): Imports {
  const imports = new Map<string, string>();
  for (const [, alias = '', path = ''] of source.matchAll(/^\s*(?:import\s+)?(\w+)\s+"([\w./-]+)"\s*$/gm)) {
    if (alias !== 'import') imports.set(alias, path.slice(path.lastIndexOf('/') + 1));
  }
  return imports;
}
