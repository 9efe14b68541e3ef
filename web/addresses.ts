/** The addresses of the console's pages. */
export const addressOf = {
  workflow: (workflow: string, tab?: string) =>
    `/workflows/${encodeURIComponent(workflow)}${tab === undefined ? '' : `?view=${tab}`}`,
  run: (workflow: string, run: string) => `/workflows/${encodeURIComponent(workflow)}/runs/${run}`,
  node: (workflow: string, run: string, node: string, item: number | null = null) =>
    `${addressOf.run(workflow, run)}?node=${encodeURIComponent(node)}${item === null ? '' : `&item=${item}`}`,
  runs: (filter: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(filter).toString();
    return `/runs${query === '' ? '' : `?${query}`}`;
  },
  agent: (agent: string) => `/agents/${encodeURIComponent(agent)}`,
};
