import type { SgNode } from '@ast-grep/napi';
import { kindOf, canonical, type Definition, type Dialect, type Imports, type Shape } from '../shape.ts';

const LITERALS = new Set(['integer', 'float', 'true', 'false', 'none']);
const CONTAINERS = new Set(['list', 'tuple', 'dictionary', 'set', 'expression_list', 'boolean_operator', 'pair']);
const WRAPPERS = new Set([
  'parenthesized_expression',
  'await',
  'interpolation',
  'list_splat',
  'as_pattern',
  'named_expression',
]);

export const python: Dialect = {
  functionKinds: ['function_definition', 'lambda'],
  callKinds: ['call'],
  creationKinds: [],
  returnKinds: ['return_statement'],
  definitionKinds: ['assignment', 'augmented_assignment', 'for_statement', 'named_expression', 'call'],
  countingKinds: [],
  dividesIntegers: false,
  isNewCollection: (node) =>
    /^(\[\s*\]|\{\s*\}|((collections|configparser)\.)?(list|dict|OrderedDict|defaultdict|deque|ConfigParser|RawConfigParser)\(\w*\))$/.test(
      node.text().slice(0, 80),
    ),
  sources:
    /^((flask\.|self\.)?request\.(args|form|values|json|data|cookies|headers|files|GET|POST|COOKIES|META|FILES|body|query_params|path_params|query_string|full_path|path$|url$|get_json|get_data|match_info|rel_url|query\b|matchdict|params)|input\(|raw_input\(|self\.get_(query_)?argument\()/,
  neutralisers:
    /^(int|float|bool|len|uuid\.\w+|hash|ord|round|abs|min|max|sum|range|time\.\w+|datetime\.\w+|isinstance|secrets\.\w+|hashlib\.\w+|ipaddress\.\w+|uuid4|random\.\w+)$|\.(isdigit|hexdigest|digest|isalnum|isoformat|exists|is_file)$/,
  shape,
  callee: calleeOf,
  definitions,
  parameters: (fn) =>
    fn
      .field('parameters')
      ?.namedChildren()
      .map(parameterName)
      .filter((name) => name !== 'self' && name !== 'cls') ?? [],
  isPrivate: (fn) => fn.field('name')?.text().startsWith('_') === true,
  functionName: (fn) => fn.field('name')?.text(),
  isHandlerParameter: (fn, name) =>
    !/^(request|response|db|session|self|cls|user|current_user|background_tasks)$/.test(name) &&
    (isRoute(fn) || isDjangoView(fn)) &&
    !/:\s*(int|float|bool|UUID|uuid\.UUID)\b/.test(annotation(fn, name)) &&
    !new RegExp(`<(int|float|uuid):${name}>`).test(fn.parent()?.text().slice(0, 300) ?? ''),
};

function isRoute(fn: SgNode): boolean {
  const decorated = fn.parent();
  if (decorated?.is('decorated_definition') !== true) return false;
  return decorated
    .namedChildren()
    .some(
      (child) =>
        child.is('decorator') && /^@\s*[\w.]+\.(route|get|post|put|patch|delete|websocket)\s*\(/.test(child.text()),
    );
}

/** By convention a view's first parameter is the request; the others come from the URL. */
function isDjangoView(fn: SgNode): boolean {
  const [first] = (fn.field('parameters')?.namedChildren() ?? []).map(parameterName).filter((name) => name !== 'self');
  return first === 'request';
}

function annotation(fn: SgNode, name: string): string {
  return (
    fn
      .field('parameters')
      ?.namedChildren()
      .find((parameter) => parameterName(parameter) === name)
      ?.text() ?? ''
  );
}

function parameterName(parameter: SgNode): string {
  return /^\**(\w+)/.exec(parameter.text())?.[1] ?? '';
}

function shape(node: SgNode, imports: Imports): Shape {
  const kind = kindOf(node);
  if (LITERALS.has(kind)) return { kind: 'literal', text: '' };
  if (CONTAINERS.has(kind))
    return { kind: 'any-of', parts: node.namedChildren().filter((child) => !child.is('comment')) };
  if (WRAPPERS.has(kind)) return wrapped(node);
  switch (kind) {
    case 'string':
      return string(node);
    case 'concatenated_string':
      return { kind: 'built', text: '', parts: node.namedChildren().filter((child) => child.is('string')) };
    case 'binary_operator':
      return binary(node);
    case 'conditional_expression':
      return { kind: 'any-of', parts: [node.child(0), node.child(4)].filter((child) => child !== null) };
    case 'identifier':
      return { kind: 'name', name: node.text() };
    case 'attribute':
      return member(node, node.field('object'), node.field('attribute'));
    case 'subscript':
      return member(node, node.field('value'), node.field('subscript'));
    case 'call':
      return call(node, imports);
    case 'list_comprehension':
    case 'generator_expression':
      return wrapped(node);
    case 'lambda':
    case 'comparison_operator':
    case 'not_operator':
    case 'unary_operator':
      return { kind: 'inert' };
    default:
      return { kind: 'unknown' };
  }
}

function wrapped(node: SgNode): Shape {
  const inner = node.field('value') ?? node.namedChildren().find((child) => !child.is('comment'));
  return inner === undefined ? { kind: 'unknown' } : { kind: 'any-of', parts: [inner] };
}

function string(node: SgNode): Shape {
  const children = node.namedChildren();
  const parts = children.filter((child) => child.is('interpolation'));
  const text = children
    .filter((child) => child.is('string_content'))
    .map((child) => child.text())
    .join(' ');
  return parts.length === 0 ? { kind: 'literal', text } : { kind: 'built', text, parts };
}

function binary(node: SgNode): Shape {
  const [left, right] = [node.field('left'), node.field('right')];
  const operator = node.field('operator')?.text();
  if (left === null || right === null) return { kind: 'unknown' };
  // `base / name` joins pathlib paths
  if (operator === '+' || operator === '%' || operator === '/')
    return { kind: 'built', text: '', parts: [left, right] };
  return { kind: 'inert' };
}

function member(node: SgNode, object: SgNode | null, name: SgNode | null): Shape {
  return object === null ? { kind: 'unknown' } : { kind: 'member', object, name: name?.text() ?? '' };
}

function calleeOf(node: SgNode, imports: Imports): string {
  return canonical(node.field('function')?.text() ?? '', imports);
}

function call(node: SgNode, imports: Imports): Shape {
  const callee = node.field('function');
  if (callee === null) return { kind: 'unknown' };
  const given =
    node
      .field('arguments')
      ?.namedChildren()
      .filter((child) => !child.is('comment')) ?? [];
  const args = given.filter((child) => !child.is('keyword_argument'));
  const keywords = new Map(given.filter((child) => child.is('keyword_argument')).flatMap(keyword));
  const receiver = callee.is('attribute') ? (callee.field('object') ?? undefined) : undefined;
  const method = callee.field('attribute')?.text() ?? '';
  const builds =
    method === 'format' || (method === 'join' && receiver !== undefined && kindOf(receiver).endsWith('string'));
  if (builds && receiver !== undefined)
    return { kind: 'built', text: '', parts: [receiver, ...args, ...keywords.values()] };
  return {
    kind: 'call',
    call: { node, callee: calleeOf(node, imports), receiver, args, keywords, isNew: false },
  };
}

function keyword(node: SgNode): [string, SgNode][] {
  const [name, value] = [node.field('name'), node.field('value')];
  return name === null || value === null ? [] : [[name.text(), value]];
}

function definitions(node: SgNode): Definition[] {
  if (node.is('call')) return added(node);
  const target = node.field('left') ?? node.field('name');
  const value = node.field('right') ?? node.field('value');
  if (target === null || value === null) return [];
  const container = target.is('subscript') ? target.field('value') : null;
  if (container?.is('identifier') === true) return [{ name: container.text(), value, appends: true, node }];
  const names = target.is('identifier')
    ? [target]
    : /pattern|tuple|list/.test(kindOf(target))
      ? target.findAll({ rule: { kind: 'identifier' } })
      : [];
  return names.map((name) => ({ name: name.text(), value, appends: node.is('augmented_assignment'), node }));
}

/** `names.append(name)` gives `names` one more. */
function added(node: SgNode): Definition[] {
  const [, name, method] =
    /^(\w+)\.(append|add|extend|insert|update|setdefault)\(/.exec(node.text().slice(0, 100)) ?? [];
  const value = node.field('arguments')?.namedChildren().at(-1);
  return name === undefined || method === undefined || value === undefined
    ? []
    : [{ name, value, appends: true, node }];
}

const FROM_IMPORT = /^\s*from\s+([\w.]+)\s+import\s+(?:\(([^)]*)\)|([^\n#(]*))/gm;

/** `import a.b as c` and `from a import b as c`, on one line or in parentheses. */
export function pythonImports(source: string): Imports {
  const imports = new Map<string, string>();
  for (const [, module = '', inner, plain = ''] of source.matchAll(FROM_IMPORT)) {
    for (const item of (inner ?? plain).split(',')) addImport(imports, item, (name) => `${module}.${name}`);
  }
  for (const [, list = ''] of source.matchAll(/^\s*import\s+([^\n#]+)/gm)) {
    for (const item of list.split(',')) addImport(imports, item, (name) => name);
  }
  return imports;
}

function addImport(imports: Map<string, string>, item: string, qualify: (name: string) => string): void {
  const [name = '', alias] = item.trim().split(/\s+as\s+/);
  if (!/^[\w.]+$/.test(name)) return;
  const whole = qualify(name);
  if (alias !== undefined || whole !== name) imports.set(alias ?? name, whole);
  // a plain `import a.b` binds `a`, which stands for itself
  else imports.set(name.replace(/\..*$/, ''), name.replace(/\..*$/, ''));
}
