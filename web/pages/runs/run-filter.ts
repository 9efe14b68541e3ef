/** What runs can be searched by; the names are those of the API's query and of the page's address. */
export const FILTERS = ['q', 'status', 'workflow', 'trigger', 'label', 'from', 'to'] as const;
export type RunFilter = Partial<Record<(typeof FILTERS)[number], string>>;
