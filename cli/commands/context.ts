import { usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';
import { readSettings, settingsPath, writeSettings, type Settings } from '../settings.ts';

export const registerContext: Register = (program, { action }) => {
  const context = program.command('context').description('services by name, in the configuration file');
  context.command('list').description('the contexts and where they lead').action(action(list));
  context
    .command('set')
    .description('keep a service under a name, with the token of --token; the first becomes the current one')
    .argument('<name>')
    .argument('<url>')
    .action(action(set));
  context.command('use').description('choose the current one').argument('<name>').action(action(use));
  context.command('remove').description('forget one').argument('<name>').action(action(remove));
};

async function list({ out, json, world }: Session): Promise<void> {
  const { current, contexts } = await readSettings(settingsPath(world.env));
  const entries = Object.entries(contexts).map(([name, { url, token }]) => ({
    name,
    url,
    current: name === current,
    token: token !== undefined,
  }));
  if (json) out.json(entries);
  else if (entries.length === 0) out.note('There is no context. Make one: commandcenter context set prod https://…');
  else
    out.table(
      ['', 'name', 'address', 'token'],
      entries.map((entry) => [entry.current ? '*' : '', entry.name, entry.url, entry.token ? 'yes' : 'no']),
    );
}

async function set({ out, world }: Session, { token }: { token?: string }, name: string, url: string): Promise<void> {
  if (!URL.canParse(url)) throw usageError(`${url} is no address`);
  await change(world.env, ({ current, contexts }) => ({
    current: current ?? name,
    contexts: { ...contexts, [name]: { url: url.replace(/\/+$/, ''), ...(token !== undefined && { token }) } },
  }));
  out.line(`${name} leads to ${url}`);
}

async function use({ out, world }: Session, _: unknown, name: string): Promise<void> {
  await change(world.env, (settings) => {
    requireContext(settings, name);
    return { ...settings, current: name };
  });
  out.line(`${name} is the current context`);
}

async function remove({ out, world }: Session, _: unknown, name: string): Promise<void> {
  await change(world.env, (settings) => {
    requireContext(settings, name);
    const { [name]: _removed, ...contexts } = settings.contexts;
    return {
      contexts,
      ...(settings.current !== undefined && settings.current !== name && { current: settings.current }),
    };
  });
  out.line(`${name} is forgotten`);
}

async function change(env: NodeJS.ProcessEnv, edit: (settings: Settings) => Settings): Promise<void> {
  const path = settingsPath(env);
  await writeSettings(path, edit(await readSettings(path)));
}

function requireContext({ contexts }: Settings, name: string): void {
  if (!(name in contexts))
    throw usageError(`There is no context ${name}: there are ${Object.keys(contexts).join(', ') || 'none'}`);
}
