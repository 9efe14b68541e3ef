import { formatAge } from '../duration.ts';
import type { Register, Session } from '../session.ts';

export const registerAudit: Register = (program, { action }) => {
  program
    .command('audit')
    .description('who changed what; with --json one entry a line, to be kept elsewhere')
    .option('--actor <name>', 'only what this one changed')
    .option('--target <name>', 'only what was changed of this')
    .option('--limit <n>', 'how many, newest first', '50')
    .option('--all', 'all there are')
    .action(action(audit));
};

interface Entry {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly address: string | null;
}

interface Options {
  readonly actor?: string;
  readonly target?: string;
  readonly limit: string;
  readonly all?: true;
}

async function audit({ client, out, json }: Session, { actor, target, limit, all }: Options): Promise<void> {
  const entries = await client.list<Entry>('/api/audit', { actor, target }, all ? Infinity : Number(limit));
  if (json) {
    for (const entry of entries) out.line(JSON.stringify(entry));
    return;
  }
  const now = Date.now();
  const rows = entries.map(({ at, actor: who, action: what, target: of, address }) => [
    formatAge(at, now),
    who,
    what,
    of ?? '',
    address ?? '',
  ]);
  out.table(['when', 'who', 'what', 'of', 'from'], rows);
}
