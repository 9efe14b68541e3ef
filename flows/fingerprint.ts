const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;
const SEPARATOR = 0xff;

/**
 * The fingerprint that AlertManager gives to a set of labels, 16 hexadecimal digits: FNV-1a over names and values in
 * the order of the names' bytes, each followed by a byte that UTF-8 never has.
 */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const);
  pairs.sort(([a], [b]) => a.compare(b));
  let hash = OFFSET;
  const add = (byte: number) => (hash = ((hash ^ BigInt(byte)) * PRIME) & MASK);
  for (const part of pairs.flat()) {
    for (const byte of part) add(byte);
    add(SEPARATOR);
  }
  return hash.toString(16).padStart(16, '0');
}
