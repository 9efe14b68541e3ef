import type { SgNode } from '@ast-grep/napi';
import { kindOf, canonical, type Call, type Definition, type Dialect, type Imports, type Shape } from '../shape.ts';

const FUNCTIONS = [
  'function_declaration',
  'function_expression',
  'arrow_function',
  'method_definition',
  'generator_function_declaration',
  'generator_function',
];
const LITERALS = new Set(['number', 'true', 'false', 'null', 'undefined', 'regex']);
const WRAPPERS = new Set([
  'parenthesized_expression',
  'await_expression',
  'as_expression',
  'satisfies_expression',
  'non_null_expression',
  'type_assertion',
  'spread_element',
  'template_substitution',
  'sequence_expression',
]);

/** JavaScript and TypeScript, JSX included. */
export const javascript: Dialect = {
  functionKinds: FUNCTIONS,
  callKinds: ['call_expression'],
  creationKinds: ['new_expression'],
  returnKinds: ['return_statement'],
  definitionKinds: [
    'variable_declarator',
    'assignment_expression',
    'augmented_assignment_expression',
    'for_in_statement',
  ],
  countingKinds: ['update_expression'],
  dividesIntegers: false,
  isNewCollection: (node) => /^(\[\s*\]|\{\s*\}|new (Map|Array)(<.*>)?\(\))$/s.test(node.text().slice(0, 80)),
  sources:
    /^((req|request|ctx|context|c|event|e|evt|message|msg)(\.req|\.request)?\??\.(query|params|body|headers|cookies|param\(|header\(|get\(|originalUrl|url\b|path\b|files?\b|queryStringParameters|pathParameters|rawBody|data$|nextUrl\.searchParams|formData\()|(window\.|document\.|self\.)?location(\.(hash|search|href|pathname))?$|document\.(URL|documentURI|referrer|cookie)$|window\.name$|new URLSearchParams\(|(\w+\.)?searchParams\.get|useParams\(|useSearchParams\(|prompt\(|(file|upload|uploadedFile)\.originalname$)/,
  neutralisers:
    /^(parseInt|parseFloat|Number(\.\w+)?|Boolean|Math\.\w+|Date\.now|(global\.)?is(NaN|Finite)|(crypto\.)?randomUUID|crypto\.\w+|BigInt|performance\.now|process\.(cwd|hrtime\w*|uptime)|require|fileURLToPath|url\.fileURLToPath|node:url\.fileURLToPath|os\.\w+|import\.meta\.\w+)$|\.(toFixed|getTime|getFullYear|toISOString|createHash|digest|update|getRandomValues)$|^new:(Date|Number|Set|Map|WeakMap|RegExp|AbortController|Promise)$/,
  shape,
  callee: calleeOf,
  definitions,
  parameters: (fn) => {
    const list = fn.field('parameters');
    if (list === null) return [fn.field('parameter')?.text() ?? ''].filter(Boolean);
    return list.namedChildren().map((parameter) => parameterName(parameter));
  },
  isPrivate: (fn) => fn.field('name')?.is('private_property_identifier') === true,
  functionName,
  isHandlerParameter: () => false, // handlers get objects: `sources` knows their fields
};

function shape(node: SgNode, imports: Imports): Shape {
  const kind = kindOf(node);
  if (kind === 'string') return { kind: 'literal', text: node.text().slice(1, -1) };
  if (LITERALS.has(kind)) return { kind: 'literal', text: '' };
  if (WRAPPERS.has(kind)) return wrapped(node);
  if (FUNCTIONS.includes(kind) || kind.startsWith('jsx_') || kind === 'class') return { kind: 'inert' };
  switch (kind) {
    case 'template_string':
      return template(node);
    case 'binary_expression':
      return binary(node);
    case 'ternary_expression':
      return { kind: 'any-of', parts: present(node.field('consequence'), node.field('alternative')) };
    case 'array':
    case 'object':
      return { kind: 'any-of', parts: node.namedChildren().filter((child) => kindOf(child) !== 'comment') };
    case 'pair':
      return { kind: 'any-of', parts: present(node.field('value')) };
    case 'identifier':
    case 'shorthand_property_identifier':
      return { kind: 'name', name: node.text() };
    case 'member_expression':
    case 'subscript_expression':
      return member(node);
    case 'call_expression':
    case 'new_expression':
      return call(node, imports);
    case 'unary_expression':
    case 'update_expression':
      return { kind: 'inert' };
    default:
      return { kind: 'unknown' };
  }
}

function wrapped(node: SgNode): Shape {
  const inner = node.namedChildren().find((child) => kindOf(child) !== 'comment');
  return inner === undefined ? { kind: 'unknown' } : { kind: 'any-of', parts: [inner] };
}

function template(node: SgNode): Shape {
  const children = node.namedChildren();
  const parts = children.filter((child) => child.is('template_substitution'));
  const text = children.filter((child) => !child.is('template_substitution')).map((child) => child.text());
  return parts.length === 0 ? { kind: 'literal', text: text.join('') } : { kind: 'built', text: text.join(' '), parts };
}

function binary(node: SgNode): Shape {
  const operands = present(node.field('left'), node.field('right'));
  const operator = node.field('operator')?.text() ?? '';
  if (operator === '+') return { kind: 'built', text: '', parts: operands };
  return /^(\|\||\?\?|&&)$/.test(operator) ? { kind: 'any-of', parts: operands } : { kind: 'inert' };
}

function member(node: SgNode): Shape {
  const object = node.field('object');
  if (object === null) return { kind: 'unknown' };
  return { kind: 'member', object, name: (node.field('property') ?? node.field('index'))?.text() ?? '' };
}

function call(node: SgNode, imports: Imports): Shape {
  const callee = node.field('function') ?? node.field('constructor');
  const list = node.field('arguments');
  if (callee === null) return { kind: 'unknown' };
  // a tagged template (sql`…`) keeps its values apart: that is what it is for
  if (list?.is('template_string') === true) return { kind: 'inert' };
  const parsed: Call = {
    node,
    callee: calleeOf(node, imports),
    receiver: callee.is('member_expression') ? (callee.field('object') ?? undefined) : undefined,
    args: list?.namedChildren().filter((child) => kindOf(child) !== 'comment') ?? [],
    keywords: new Map(),
    isNew: node.is('new_expression'),
  };
  const parts = stringParts(parsed, callee);
  return parts === undefined ? { kind: 'call', call: parsed } : { kind: 'built', text: '', parts };
}

function calleeOf(node: SgNode, imports: Imports): string {
  const callee = node.field('function');
  if (callee !== null) return canonical(callee.text(), imports);
  return `new:${canonical(node.field('constructor')?.text() ?? '', imports)}`;
}

/** What a call puts together: `[…].join(x)`, `a.concat(b)`, `a.replace(b, c)`, `util.format(a, b)`. */
function stringParts({ callee, receiver, args }: Call, node: SgNode): SgNode[] | undefined {
  if (/^util\.format$|(^|\.)(sprintf|vsprintf)$/.test(callee)) return [...args];
  const method = node.field('property')?.text();
  if (receiver === undefined) return undefined;
  if (method === 'join' && receiver.is('array')) return [receiver];
  if (method === 'concat' && !receiver.is('array')) return [receiver, ...args];
  return method === 'replace' || method === 'replaceAll' ? replaceParts(receiver, args) : undefined;
}

/** Replacing by a constant may clean a value but adds nothing. */
function replaceParts(receiver: SgNode, [, replacement]: readonly SgNode[]): SgNode[] | undefined {
  return replacement === undefined || replacement.is('string') ? undefined : [receiver, replacement];
}

function definitions(node: SgNode): Definition[] {
  const target = node.field('name') ?? node.field('left');
  const value = node.field('value') ?? node.field('right');
  if (target === null || value === null) return [];
  const appends = node.is('augmented_assignment_expression');
  return boundNames(target).map((name) => ({ name, value, appends, node }));
}

/** `x`, or every name in `{ a, b: c, ...d }` and `[a, b]`. */
function boundNames(target: SgNode): string[] {
  if (target.is('identifier')) return [target.text()];
  if (!kindOf(target).endsWith('_pattern')) return [];
  return target
    .findAll({ rule: { any: [{ kind: 'identifier' }, { kind: 'shorthand_property_identifier_pattern' }] } })
    .map((name) => name.text());
}

function parameterName(parameter: SgNode): string {
  const pattern = parameter.field('pattern') ?? parameter.field('left') ?? parameter;
  return pattern.is('identifier') ? pattern.text() : '';
}

function functionName(fn: SgNode): string | undefined {
  const own = fn.field('name')?.text();
  if (own !== undefined) return own;
  const parent = fn.parent();
  return parent?.is('variable_declarator') === true ? parent.field('name')?.text() : undefined;
}

function present(...nodes: (SgNode | null)[]): SgNode[] {
  return nodes.filter((node) => node !== null);
}

const IMPORT =
  /import\s+(?:(\w+)\s*,?\s*)?(?:\*\s*as\s+(\w+)\s*)?(?:\{([^}]*)\}\s*)?from\s*['"](?:node:)?([^'"]+)['"]/g;
const REQUIRE =
  /(?:const|let|var)\s+(?:(\w+)|\{([^}]*)\})\s*=\s*(?:await\s+import|require)\(\s*['"](?:node:)?([^'"]+)['"]\s*\)/g;
const PROMISIFY = /(?:const|let|var)\s+(\w+)\s*=\s*(?:\w+\.)?promisify\(\s*([\w.]+)\s*\)/g;

/** What the file imports, by any of the module systems; `promisify(exec)` counts as exec. */
export function javascriptImports(source: string): Imports {
  const imports = new Map<string, string>();
  for (const [, whole, star, list, module = ''] of source.matchAll(IMPORT))
    addImports(imports, whole ?? star, list, module);
  for (const [, whole, list, module = ''] of source.matchAll(REQUIRE)) addImports(imports, whole, list, module);
  for (const [, name = '', target = ''] of source.matchAll(PROMISIFY)) imports.set(name, canonical(target, imports));
  return imports;
}

function addImports(
  imports: Map<string, string>,
  whole: string | undefined,
  list: string | undefined,
  module: string,
): void {
  if (whole !== undefined) imports.set(whole, module);
  for (const item of list?.split(',') ?? []) {
    const [name = '', alias] = item
      .replace(/^\s*type\s/, '')
      .split(/\s+as\s+|:/)
      .map((word) => word.trim());
    if (name !== '') imports.set(alias ?? name, `${module}.${name}`);
  }
}
