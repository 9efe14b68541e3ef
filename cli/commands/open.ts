import { spawn } from 'node:child_process';
import { findRun, findWorkflow } from '../find.ts';
import type { Register, Session } from '../session.ts';

export const registerOpen: Register = (program, { action }) => {
  program
    .command('open')
    .description('show the console, or the page of a workflow or run, in the browser')
    .argument('[what]', 'name of a workflow, id of a run, or @last')
    .option('--print', 'only print the address')
    .action(action(open));
};

const LOOKS_LIKE_A_RUN = /^(@last|[0-9a-f]{8}(-[0-9a-f-]*)?)$/i;

async function open(
  { client, out, json, world }: Session,
  { print }: { print?: boolean },
  what?: string,
): Promise<void> {
  const url = `${client.url}${await pathOf(client, what)}`;
  if (json) out.json({ url });
  else out.line(url);
  if (!print && !json) await openBrowser(url, world.env);
}

async function pathOf(client: Session['client'], what: string | undefined): Promise<string> {
  if (what === undefined) return '/';
  if (!LOOKS_LIKE_A_RUN.test(what)) return `/workflows/${encodeURIComponent((await findWorkflow(client, what)).name)}`;
  const { workflowName, id } = await findRun(client, what);
  return `/workflows/${encodeURIComponent(workflowName)}/runs/${id}`;
}

/** Where there is no browser the printed address has to do. */
function openBrowser(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [program, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? [
    'xdg-open',
  ];
  return new Promise((resolve) => {
    const child = spawn(program ?? 'xdg-open', [...args, url], { env, stdio: 'ignore', detached: true });
    child.once('error', () => resolve());
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
