/** How much a schema asks when its references are followed: two references in each of 40 definitions are 2^40 questions. */
const MOST_UNFOLDED = 100_000;
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'] as const;

/** Why a schema would keep the validator busy, however small it is; null where it would not. */
export function unfoldingProblem(schema: unknown): string | null {
  const anchors = anchorsOf(schema);
  const sizes = new Map<object, number>();

  /** Of a reference back to where we come from only the first step counts: how far it goes depends on the value. */
  function sizeOf(part: unknown): number {
    if (typeof part !== 'object' || part === null) return 0;
    const known = sizes.get(part);
    if (known !== undefined) return known;
    sizes.set(part, 1);
    let size = 1;
    for (const value of Object.values(part)) size += sizeOf(value);
    for (const keyword of REFERENCES) size += sizeOf(targetOf((part as Record<string, unknown>)[keyword]));
    sizes.set(part, size);
    return size;
  }

  function targetOf(reference: unknown): unknown {
    if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
    return anchors.get(reference.slice(1)) ?? pointedAt(schema, reference.slice(1));
  }

  return sizeOf(schema) > MOST_UNFOLDED
    ? `Its references unfold to more than ${MOST_UNFOLDED} parts: refer to fewer definitions that refer to others`
    : null;
}

function anchorsOf(schema: unknown): ReadonlyMap<string, unknown> {
  const anchors = new Map<string, unknown>();
  const open = [schema];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part !== 'object' || part === null) continue;
    for (const [key, value] of Object.entries(part)) {
      if (/^\$(?:dynamicA|a)nchor$/.test(key) && typeof value === 'string') anchors.set(value, part);
      if (value !== null && value !== undefined) open.push(value);
    }
  }
  return anchors;
}

/** What a JSON pointer names; undefined where there is nothing. */
function pointedAt(schema: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>((part, step) => {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof part === 'object' && part !== null && Object.hasOwn(part, key)
      ? (part as Record<string, unknown>)[key]
      : undefined;
  }, schema);
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
