import { useId } from 'react';
import type { Field, FormTexts } from './fields.ts';

interface Problem {
  readonly path: string;
  readonly message: string;
}

interface Props {
  readonly fields: readonly Field[];
  readonly texts: FormTexts;
  readonly onChange: (texts: FormTexts) => void;
  /** By the name of the field, with or without `input.` before it. */
  readonly problems: readonly Problem[];
}

/** A form drawn from a JSON Schema. */
export function SchemaForm({ fields, texts, onChange, problems }: Props) {
  const base = useId();
  return fields.map((field) => {
    const id = `${base}-${field.name}`;
    const problem = problems.find(({ path }) => fieldAt(path) === field.name)?.message;
    return (
      <div key={field.name} className="field">
        <label htmlFor={id}>
          {field.title} <span className="muted">{field.required ? '(required)' : ''}</span>
        </label>
        <FieldInput
          field={field}
          id={id}
          text={texts[field.name] ?? ''}
          invalid={problem !== undefined}
          onText={(text) => onChange({ ...texts, [field.name]: text })}
        />
        {problem !== undefined && (
          <p className="field-problem" id={`${id}-problem`} role="alert">
            {problem}
          </p>
        )}
        {field.description !== '' && <p className="field-hint">{field.description}</p>}
      </div>
    );
  });
}

function fieldAt(path: string): string {
  return path.replace(/^input\./, '').split(/[.[]/)[0] ?? '';
}

interface InputProps {
  readonly field: Field;
  readonly id: string;
  readonly text: string;
  readonly invalid: boolean;
  readonly onText: (text: string) => void;
}

function FieldInput({ field, id, text, invalid, onText }: InputProps) {
  const common = {
    id,
    className: 'input',
    value: text,
    'aria-invalid': invalid,
    'aria-describedby': invalid ? `${id}-problem` : undefined,
    'aria-required': field.required,
    onChange: ({ target }: { target: { value: string } }) => onText(target.value),
  };
  const placeholder = field.default === '' ? undefined : `${field.default} unless given`;
  switch (field.kind) {
    case 'choice':
    case 'boolean':
      return (
        <select {...common}>
          <option value="">{field.default === '' ? 'not given' : `not given (${field.default})`}</option>
          {(field.kind === 'boolean' ? ['true', 'false'] : field.choices).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      );
    case 'json':
      return <textarea {...common} rows={4} spellCheck={false} placeholder={placeholder ?? 'JSON'} />;
    case 'long-text':
      return <textarea {...common} rows={3} placeholder={placeholder} />;
    case 'number':
      return <input {...common} inputMode="decimal" placeholder={placeholder} />;
    case 'text':
      return <input {...common} autoComplete="off" placeholder={placeholder} />;
  }
}
