/** What runs can be searched by; the names are those of the API's query and of the page's address. */
export const FILTERS = ['q', 'status', 'workflow', 'trigger', 'label', 'from', 'to'] as const;
export type RunFilter = Partial<Record<(typeof FILTERS)[number], string>>;

/** The filter as the API takes it; the fields of the page give times of this place. */
export function asQuery({ trigger, from, to, ...texts }: RunFilter) {
  return {
    ...texts,
    ...(trigger !== undefined && { trigger: trigger as 'api' }),
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
  };
}
