import type { Command } from 'commander';
import type { Client } from '../client.ts';

type Names = (client: Client) => Promise<string[]>;

/** Which names of the service an argument takes, by the words of its command. */
const ARGUMENTS: Readonly<Record<string, Names>> = {
  run: workflowNames,
  'workflow get': workflowNames,
  'workflow delete': workflowNames,
  'workflow pause': workflowNames,
  'workflow resume': workflowNames,
  open: workflowNames,
  'agents get': agentNames,
  'triggers list': workflowNames,
  'triggers backtest': workflowNames,
  'triggers decisions': triggerIds,
  'runs get': runIds,
  'runs watch': runIds,
  'runs cancel': runIds,
  'runs retry': runIds,
  'runs logs': runIds,
  'runs mark': runIds,
  'runs why': runIds,
  'runs pause': runIds,
  'runs resume': runIds,
  'signals send': runIds,
  'approvals approve': approvalIds,
  'approvals reject': approvalIds,
};

/**
 * What may stand at the place of the last word. A service that does not answer costs the names, never the commands.
 * @param words all behind `commandcenter`, the last of them half typed or empty
 */
export async function completeWords(program: Command, words: readonly string[], client: Client): Promise<string[]> {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? '';
  const { command, path } = descend(program, before);
  const candidates = typed.startsWith('-') ? optionsOf(command) : await namesOf(command, path, client);
  return candidates.filter((candidate) => candidate.startsWith(typed)).sort();
}

function descend(program: Command, words: readonly string[]): { command: Command; path: string } {
  let command = program;
  const path: string[] = [];
  for (const word of words) {
    const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!child) continue;
    command = child;
    path.push(child.name());
  }
  return { command, path: path.join(' ') };
}

function optionsOf(command: Command): string[] {
  const levels = [command, ...ancestors(command)];
  const own = levels.flatMap(({ options }) => options.map(({ long }) => long));
  return [...own.filter((long) => typeof long === 'string'), '--help'];
}

function ancestors({ parent }: Command): Command[] {
  return parent ? [parent, ...ancestors(parent)] : [];
}

async function namesOf(command: Command, path: string, client: Client): Promise<string[]> {
  if (command.commands.length > 0) {
    const visible = command.createHelp().visibleCommands(command);
    return visible.map((child) => child.name());
  }
  const names = ARGUMENTS[path];
  return names ? names(client).catch(() => []) : [];
}

async function workflowNames(client: Client): Promise<string[]> {
  return (await client.list<{ name: string }>('/api/workflows', {}, 200)).map(({ name }) => name);
}

async function agentNames(client: Client): Promise<string[]> {
  return (await client.list<{ name: string }>('/api/agents', {}, 200)).map(({ name }) => name);
}

async function runIds(client: Client): Promise<string[]> {
  const runs = await client.list<{ id: string }>('/api/runs', {}, 30);
  return ['@last', ...runs.map(({ id }) => id)];
}

async function triggerIds(client: Client): Promise<string[]> {
  return (await client.get<{ id: string }[]>('/api/triggers')).map(({ id }) => id);
}

async function approvalIds(client: Client): Promise<string[]> {
  return (await client.list<{ id: string }>('/api/approvals', { status: 'PENDING' }, 30)).map(({ id }) => id);
}
