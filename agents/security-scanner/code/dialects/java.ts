import type { SgNode } from '@ast-grep/napi';
import { kindOf, canonical, type Definition, type Dialect, type Imports, type Shape } from '../shape.ts';

const LITERAL = /^(decimal|hex|octal|binary)_\w+_literal$|^(true|false|null_literal|character_literal)$/;
const HANDLER_ANNOTATION =
  /@(RequestParam|PathVariable|RequestBody|RequestHeader|CookieValue|QueryParam|PathParam|FormParam|HeaderParam|ModelAttribute)\b/;

export const java: Dialect = {
  functionKinds: ['method_declaration', 'constructor_declaration', 'lambda_expression'],
  callKinds: ['method_invocation'],
  creationKinds: ['object_creation_expression'],
  returnKinds: ['return_statement'],
  definitionKinds: [
    'variable_declarator',
    'assignment_expression',
    'enhanced_for_statement',
    'resource',
    'method_invocation',
  ],
  countingKinds: ['update_expression'],
  dividesIntegers: true,
  isNewCollection: (node) =>
    node.is('object_creation_expression') &&
    /(List|Map|Set|Vector|Deque|Queue|Stack|Table|Dictionary|Properties)$/.test(createdType(node)) &&
    argumentsOf(node).every((argument) => kindOf(argument) === 'decimal_integer_literal'),
  sources:
    /^\(?(\w*[rR]eq(uest)?|httpRequest|servletRequest|getRequest\(\)|ctx|exchange\.getRequest\(\))\.(getParameter\w*|getHeader\w*|getCookies|getQueryString|getInputStream|getReader|getPart\w*|getRequestURI|getRequestURL|getPathInfo|queryParams?|pathParam|formParam|getQueryParams|getServletPath|params)\b|^\w*([fF]ile|part|upload)\.(getOriginalFilename|getSubmittedFileName)\(|^\w*[eE]ntry\.getName\(/,
  neutralisers:
    /^((Integer|Long|Double|Short|Float)\.(parse\w+|valueOf)|UUID\.\w+|Math\.\w+|System\.(currentTimeMillis|nanoTime|getProperty|lineSeparator)|Boolean\.\w+|Instant\.\w+|LocalDate\w*\.\w+)$|\.(length|size|hashCode|equals\w*|isEmpty|contains|startsWith|matches|getId|ordinal|getClass|getClassLoader)$/,
  shape,
  callee: calleeOf,
  definitions,
  parameters: (fn) => parameterNodes(fn).map((parameter) => parameter.field('name')?.text() ?? parameter.text()),
  isPrivate: (fn) =>
    [fn, ...fn.ancestors()].some((one) =>
      one.children().some((child) => child.is('modifiers') && /\bprivate\b/.test(child.text())),
    ),
  functionName: (fn) => fn.field('name')?.text(),
  isHandlerParameter: (fn, name) => {
    const parameter =
      parameterNodes(fn)
        .find((one) => one.field('name')?.text() === name)
        ?.text() ?? '';
    return (
      HANDLER_ANNOTATION.test(parameter) &&
      !/\b(int|long|Integer|Long|UUID|boolean|Boolean|double)\s+\w+$/.test(parameter)
    );
  },
};

function parameterNodes(fn: SgNode): SgNode[] {
  const parameters = fn.field('parameters');
  if (parameters === null) return [];
  return parameters.is('identifier') ? [parameters] : parameters.namedChildren();
}

function shape(node: SgNode, imports: Imports): Shape {
  const kind = kindOf(node);
  if (kind === 'string_literal') return { kind: 'literal', text: node.text().replace(/^"+|"+$/g, '') };
  if (LITERAL.test(kind)) return { kind: 'literal', text: '' };
  switch (kind) {
    case 'binary_expression':
      return binary(node);
    case 'ternary_expression':
      return { kind: 'any-of', parts: present(node.field('consequence'), node.field('alternative')) };
    case 'cast_expression':
      return { kind: 'any-of', parts: present(node.field('value')) };
    case 'array_creation_expression':
      return { kind: 'any-of', parts: present(node.field('value')) };
    case 'parenthesized_expression':
    case 'array_initializer':
      return { kind: 'any-of', parts: node.namedChildren() };
    case 'identifier':
      return { kind: 'name', name: node.text() };
    case 'field_access':
      return member(node.field('object'), node.field('field'));
    case 'array_access':
      return member(node.field('array'), node.field('index'));
    case 'method_invocation':
      return invocation(node, imports);
    case 'object_creation_expression':
      return creation(node);
    case 'lambda_expression':
    case 'unary_expression':
    case 'class_literal':
      return { kind: 'inert' };
    case 'this':
    default:
      return { kind: 'unknown' };
  }
}

function binary(node: SgNode): Shape {
  const parts = present(node.field('left'), node.field('right'));
  return node.field('operator')?.text() === '+' ? { kind: 'built', text: '', parts } : { kind: 'inert' };
}

function member(object: SgNode | null, name: SgNode | null): Shape {
  return object === null ? { kind: 'unknown' } : { kind: 'member', object, name: name?.text() ?? '' };
}

function calleeOf(node: SgNode, imports: Imports): string {
  if (node.is('object_creation_expression')) return `new:${createdType(node)}`;
  const name = node.field('name')?.text() ?? '';
  const receiver = node.field('object')?.text();
  return canonical(receiver === undefined ? name : `${receiver}.${name}`, imports);
}

function createdType(node: SgNode): string {
  return node.field('type')?.text().replace(/<.*$/s, '') ?? '';
}

function invocation(node: SgNode, imports: Imports): Shape {
  const receiver = node.field('object') ?? undefined;
  const args = argumentsOf(node);
  const callee = calleeOf(node, imports);
  if (/^String\.(format|join|valueOf)$|^MessageFormat\.format$/.test(callee))
    return { kind: 'built', text: '', parts: args };
  if (/\.(concat|append|formatted)$/.test(callee) && receiver !== undefined)
    return { kind: 'built', text: '', parts: [receiver, ...args] };
  return { kind: 'call', call: { node, callee, receiver, args, keywords: new Map(), isNew: false } };
}

function creation(node: SgNode): Shape {
  const type = createdType(node);
  const args = argumentsOf(node);
  if (/^(String|StringBuilder|StringBuffer)$/.test(type))
    return args.length === 0 ? { kind: 'inert' } : { kind: 'any-of', parts: args };
  return {
    kind: 'call',
    call: { node, callee: `new:${type}`, receiver: undefined, args, keywords: new Map(), isNew: true },
  };
}

function argumentsOf(node: SgNode): SgNode[] {
  return (
    node
      .field('arguments')
      ?.namedChildren()
      .filter((child) => !kindOf(child).endsWith('comment')) ?? []
  );
}

function definitions(node: SgNode): Definition[] {
  if (node.is('method_invocation')) return appended(node);
  const target = node.field('name') ?? node.field('left');
  const value = node.field('value') ?? node.field('right');
  if (target?.is('identifier') !== true || value === null) return [];
  return [{ name: target.text(), value, appends: node.field('operator')?.text() === '+=', node }];
}

/** `builder.append(a).append(b)` gives `builder` more text; `random.nextBytes(key)` fills `key`. */
function appended(node: SgNode): Definition[] {
  const filled = node.field('name')?.text() === 'nextBytes' ? argumentsOf(node)[0] : undefined;
  if (filled?.is('identifier') === true) return [{ name: filled.text(), value: node, appends: true, node }];
  if (!/^(append|insert|add|addAll|put|putAll|push)$/.test(node.field('name')?.text() ?? '')) return [];
  const name = /^\w+/.exec(node.text())?.[0] ?? '';
  return argumentsOf(node).map((value) => ({ name, value, appends: true, node }));
}

function present(...nodes: (SgNode | null)[]): SgNode[] {
  return nodes.filter((node) => node !== null);
}

/** Java's rules go by class names, which imports do not change. */
export function javaImports(): Imports {
  return new Map();
}
