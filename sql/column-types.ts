import { types } from 'pg';

type Parse = (text: string) => unknown;

/** Columns whose JavaScript form differs from the driver's default, by the oid of the type and of its array. */
const PARSERS: readonly { readonly oid: number; readonly arrayOid: number; readonly parse: Parse }[] = [
  { oid: 20, arrayOid: 1016, parse: parseInt8 },
  { oid: 1700, arrayOid: 1231, parse: Number }, // numeric: what avg() and sum() give; we store no money
  { oid: 1082, arrayOid: 1182, parse: (text) => text }, // date: no time zone to guess
];

// The declaration lists the scalar types' oids only.
const defaultParser = types.getTypeParser as (oid: number, format?: 'text' | 'binary') => unknown;
const parseTextArray = defaultParser(1009) as (text: string) => (string | null)[];

const BY_OID = new Map<number, Parse>(
  PARSERS.flatMap(({ oid, arrayOid, parse }): [number, Parse][] => [
    [oid, parse],
    [arrayOid, (text) => parseTextArray(text).map((item) => (item === null ? null : parse(item)))],
  ]),
);

/**
 * The parser of a column's text by its type: int8 as number (a bigint beyond 2^53), timestamptz as Date, json and
 * jsonb parsed.
 */
export const columnTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    return (format === 'binary' ? undefined : BY_OID.get(oid)) ?? defaultParser(oid, format);
  },
};

function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
