type Input = Readonly<Record<string, unknown>>;

/** The same trigger as a command to paste into a shell. */
export function asCurl(origin: string, workflow: string, input: Input): string {
  const url = `${origin}/api/workflows/${workflow}/trigger`;
  return `curl -X POST ${url} -H 'content-type: application/json' -d ${quote(JSON.stringify({ input }))}`;
}

export function asCli(workflow: string, input: Input): string {
  const inputs = Object.entries(input).map(
    ([name, value]) => ` --input ${quote(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`,
  );
  return `npx commandcenter run ${workflow} --watch${inputs.join('')}`;
}

/** Single quotes keep everything as it is, save themselves. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
