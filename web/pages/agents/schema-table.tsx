import { JsonView } from '../../components/json-view.tsx';

type Schema = Readonly<Record<string, unknown>>;

/** The properties of a JSON Schema, one a line; the schema itself for who needs all of it. */
export function SchemaTable({ schema, label }: { readonly schema: Schema; readonly label: string }) {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const required = (schema.required ?? []) as readonly string[];
  const described = properties.some(([, { description }]) => typeof description === 'string');
  return (
    <>
      {properties.length > 0 && (
        <table className="table" aria-label={label}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Type</th>
              {described && <th scope="col">Meaning</th>}
            </tr>
          </thead>
          <tbody>
            {properties.map(([name, property]) => (
              <tr key={name}>
                <td className="nowrap">
                  <code>{name}</code>
                  {required.includes(name) && <span className="muted"> required</span>}
                </td>
                <td data-label="Type">{describeType(property)}</td>
                {described && (
                  <td data-label="Meaning">{typeof property.description === 'string' && property.description}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <details className="card-body">
        <summary>JSON Schema</summary>
        <JsonView value={schema} label={`JSON Schema: ${label}`} />
      </details>
    </>
  );
}

function describeType({ type, enum: choices, items, default: given, anyOf }: Schema): string {
  const base = Array.isArray(choices)
    ? choices.map(String).join(', ')
    : Array.isArray(type)
      ? type.join(' or ')
      : typeof type === 'string'
        ? type
        : anyOf
          ? 'one of several'
          : 'any';
  const inner =
    typeof items === 'object' && items !== null && typeof (items as Schema).type === 'string'
      ? ` of ${String((items as Schema).type)}`
      : '';
  return base + inner + (given === undefined ? '' : ` (default ${JSON.stringify(given)})`);
}
