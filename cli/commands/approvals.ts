import type { Client } from '../client.ts';
import { formatAge } from '../duration.ts';
import { usageError } from '../exit-codes.ts';
import { clip, oneLine } from '../output.ts';
import type { Register, Session } from '../session.ts';
import { readValue, wholeNumber } from '../values.ts';

export const registerApprovals: Register = (program, { action }) => {
  const approvals = program.command('approvals').description('what waits for a person');
  approvals
    .command('list')
    .description('what waits, newest first')
    .option('--status <status>', 'PENDING, APPROVED, REJECTED, EXPIRED or CANCELLED', 'PENDING')
    .option('--all', 'decided ones too')
    .option('--run <id>', 'of one run')
    .option('--limit <count>', 'at most so many', wholeNumber('--limit'), 50)
    .action(action(list));
  for (const [verb, decision] of [
    ['approve', 'APPROVED'],
    ['reject', 'REJECTED'],
  ] as const) {
    approvals
      .command(verb)
      .description(verb === 'approve' ? 'let the node run' : 'fail the node and its run')
      .argument('<approval>', 'its id, or the first letters of it')
      .option('--notes <text>', 'why')
      .option('--answer <json>', 'what the node asked for, where it asks')
      .option('--by <name>', 'who decides, where no token says so')
      .action(action((session: Session, flags: DecisionFlags, id: string) => decide(session, flags, id, decision)));
  }
  approvals
    .command('link')
    .description('make a link by which somebody decides without a login, once')
    .argument('<approval>', 'its id, or the first letters of it')
    .requiredOption('--for <name>', 'who will decide by it')
    .option('--expires <seconds>', 'how long it counts', wholeNumber('--expires'), 86_400)
    .action(action(makeLink));
};

interface Approval {
  readonly id: string;
  readonly workflowRunId: string;
  readonly workflowName: string;
  readonly nodeId: string;
  readonly status: string;
  readonly message: string | null;
  readonly input: unknown;
  readonly answerSchema: unknown;
  readonly requestedAt: string;
  readonly expiresAt: string | null;
  readonly respondedBy: string | null;
}

interface ListFlags {
  readonly status: string;
  readonly all?: boolean;
  readonly run?: string;
  readonly limit: number;
}

async function list({ client, out, json }: Session, { status, all, run, limit }: ListFlags): Promise<void> {
  const query = { workflowRunId: run, ...(!all && { status: status.toUpperCase() }) };
  const approvals = await client.list<Approval>('/api/approvals', query, limit);
  if (json) {
    out.json(approvals);
    return;
  }
  if (approvals.length === 0) {
    out.note('Nothing waits for you.');
    return;
  }
  const rows = approvals.map((approval) => [
    approval.id,
    `${approval.workflowName}/${approval.nodeId}`,
    approval.status,
    formatAge(approval.requestedAt, Date.now()),
    clip(oneLine(approval.message ?? JSON.stringify(approval.input)), 70),
  ]);
  out.table(['approval', 'node', 'status', 'asked', 'about'], rows);
}

interface DecisionFlags {
  readonly notes?: string;
  readonly answer?: string;
  readonly by?: string;
}

async function decide(
  { client, out, json }: Session,
  { notes, answer, by }: DecisionFlags,
  given: string,
  decision: string,
): Promise<void> {
  const { id } = await findApproval(client, given);
  const body = { decision, notes, respondedBy: by, ...(answer !== undefined && { answer: readValue(answer) }) };
  const decided = await client.post<Approval>(`/api/approvals/${id}/decision`, { body });
  if (json) out.json(decided);
  else out.line(`${decided.workflowName}/${decided.nodeId} ${decided.status} by ${decided.respondedBy ?? 'nobody'}`);
}

interface LinkFlags {
  readonly for: string;
  readonly expires: number;
}

async function makeLink({ client, out, json }: Session, flags: LinkFlags, given: string): Promise<void> {
  const { id } = await findApproval(client, given);
  const body = { for: flags.for, expiresInSeconds: flags.expires };
  const link = await client.post<{ url: string; expiresAt: string }>(`/api/approvals/${id}/links`, { body });
  if (json) {
    out.json(link);
    return;
  }
  out.line(link.url);
  out.note(`For ${flags.for}; it counts once, until ${link.expiresAt}.`);
}

async function findApproval(client: Client, given: string): Promise<{ readonly id: string }> {
  if (given.length === 36) return { id: given };
  const waiting = await client.list<Approval>('/api/approvals', { status: 'PENDING' }, 1_000);
  const [approval, ...others] = waiting.filter(({ id }) => given.length >= 4 && id.startsWith(given.toLowerCase()));
  if (!approval) throw usageError(`No approval that waits is called ${given}: see \`commandcenter approvals list\``);
  if (others.length > 0) throw usageError(`${given} fits ${others.length + 1} approvals: give more of the id`);
  return approval;
}
