const OTHER = 'other';

/** A function that passes the first `limit` different values and turns every further one into `other`. */
export function createLabelBound(limit: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= limit) return OTHER;
    known.add(value);
    return value;
  };
}
