/** What a form needs to know of one property of a JSON Schema. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
  readonly kind: 'text' | 'long-text' | 'number' | 'boolean' | 'choice' | 'json';
  readonly choices: readonly string[];
  /** What the schema says holds when the field is left empty, as text. */
  readonly default: string;
}

type Schema = Readonly<Record<string, unknown>>;
export type FormTexts = Readonly<Record<string, string>>;

interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

const LONG_TEXT = 300;

/** The fields of a schema's own properties, required ones first; none where it is no schema of an object. */
export function fieldsOf(schema: Schema | undefined): Field[] {
  const properties = Object.entries((schema?.properties ?? {}) as Record<string, Schema>);
  const required = (schema?.required ?? []) as readonly string[];
  const fields = properties.map(([name, property]) => fieldOf(name, property, required.includes(name)));
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}

function fieldOf(name: string, property: Schema, required: boolean): Field {
  return {
    name,
    title: typeof property.title === 'string' ? property.title : name,
    description: typeof property.description === 'string' ? property.description : '',
    required,
    kind: kindOf(property),
    choices: Array.isArray(property.enum) ? property.enum.map(String) : [],
    default: property.default === undefined ? '' : asText(property.default),
  };
}

function kindOf({ type, enum: choices, maxLength }: Schema): Field['kind'] {
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')) return 'choice';
  if (type === 'string') return typeof maxLength === 'number' && maxLength > LONG_TEXT ? 'long-text' : 'text';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'json';
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export type FormReading =
  { readonly value: Readonly<Record<string, unknown>> } | { readonly problems: readonly FieldProblem[] };

/** What was typed, as the value that the schema describes. Fields left empty are left out. */
export function readForm(fields: readonly Field[], texts: FormTexts): FormReading {
  const value: Record<string, unknown> = {};
  const problems: FieldProblem[] = [];
  for (const field of fields) {
    const text = texts[field.name] ?? '';
    if (text.trim() === '') {
      if (field.required) problems.push({ path: field.name, message: 'Is required' });
      continue;
    }
    try {
      value[field.name] = readField(field, text);
    } catch (error) {
      problems.push({ path: field.name, message: (error as Error).message });
    }
  }
  return problems.length > 0 ? { problems } : { value };
}

function readField({ kind }: Field, text: string): unknown {
  if (kind === 'number') {
    const number = Number(text);
    if (Number.isNaN(number)) throw new Error('Must be a number');
    return number;
  }
  if (kind === 'boolean') return text === 'true';
  return kind === 'json' ? JSON.parse(text) : text;
}
