import { text } from 'node:stream/consumers';
import { formatAge } from '../duration.ts';
import { usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';

export const registerSecrets: Register = (program, { action }) => {
  const secrets = program.command('secrets').description('stored secrets of agents, sealed with SECRETS_KEYS');
  secrets.command('list').description('their names and who is given them; never what they hold').action(action(list));
  secrets
    .command('set')
    .description('store a secret; its value comes on stdin, so that no list of processes and no history shows it')
    .argument('<name>', 'the variable that agents get')
    .requiredOption('--agents <names>', 'who is given it, commas between')
    .action(action(set));
  secrets.command('delete').description('delete a secret').argument('<name>').action(action(remove));
  secrets
    .command('rotate')
    .description('seal all with the first key of SECRETS_KEYS, after a new one was put there')
    .action(action(rotate));
};

interface Secret {
  readonly name: string;
  readonly agents: readonly string[];
  readonly keyId: string;
  readonly updatedAt: string;
}

async function list({ client, out, json }: Session): Promise<void> {
  const secrets = await client.get<Secret[]>('/api/secrets');
  if (json) {
    out.json(secrets);
    return;
  }
  const now = Date.now();
  const rows = secrets.map(({ name, agents, keyId, updatedAt }) => [
    name,
    agents.join(', '),
    keyId,
    formatAge(updatedAt, now),
  ]);
  out.table(['name', 'agents', 'key', 'changed'], rows);
}

async function set({ client, out, json, world }: Session, { agents }: { agents: string }, name: string): Promise<void> {
  const value = (await text(world.stdin)).replace(/\r?\n$/, '');
  if (value === '') throw usageError('The value comes on stdin: printf %s "$VALUE" | commandcenter secrets set …');
  const body = { value, agents: agents.split(',').map((agent) => agent.trim()) };
  const secret = await client.put<Secret>(`/api/secrets/${encodeURIComponent(name)}`, { body });
  if (json) out.json(secret);
  else out.line(`${name} stored for ${secret.agents.join(', ')}`);
}

async function remove({ client, out, json }: Session, _: unknown, name: string): Promise<void> {
  await client.delete(`/api/secrets/${encodeURIComponent(name)}`);
  if (json) out.json({ name, deleted: true });
  else out.line(`${name} deleted`);
}

async function rotate({ client, out, json }: Session): Promise<void> {
  const { resealed } = await client.post<{ resealed: number }>('/api/secrets/reseal');
  if (json) out.json({ resealed });
  else out.line(`${String(resealed)} sealed anew`);
}
