import { formatAge } from '../duration.ts';
import { usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';

export const registerLimits: Register = (program, { action }) => {
  const limits = program.command('limits').description('how much projects have, and may have');
  limits.command('list').description('open runs and workflows of each project, and what holds').action(action(list));
  limits
    .command('set')
    .description('give a project limits of its own; one that is not named goes on as it is')
    .argument('<project>')
    .option('--open-runs <number>', 'runs that may be open; 0: no limit; default: that of the environment')
    .option('--workflows <number>', 'workflows that there may be; 0 and default as above')
    .action(action(set));
};

interface ProjectLimits {
  readonly projectId: string;
  readonly openRuns: number;
  readonly maxOpenRuns: number | null;
  readonly workflows: number;
  readonly maxWorkflows: number | null;
  readonly own: OwnLimits;
  readonly updatedBy: string | null;
  readonly updatedAt: string | null;
}

interface OwnLimits {
  readonly maxOpenRuns: number | null;
  readonly maxWorkflows: number | null;
}

async function list({ client, out, json }: Session): Promise<void> {
  const projects = await client.get<ProjectLimits[]>('/api/limits');
  if (json) {
    out.json(projects);
    return;
  }
  if (projects.length === 0) {
    out.note('There is no project yet: the first workflow makes one.');
    return;
  }
  const now = Date.now();
  const rows = projects.map(({ projectId, openRuns, maxOpenRuns, workflows, maxWorkflows, updatedBy, updatedAt }) => [
    projectId,
    `${openRuns} of ${mostText(maxOpenRuns)}`,
    `${workflows} of ${mostText(maxWorkflows)}`,
    updatedAt === null ? 'the environment' : `${updatedBy ?? ''}, ${formatAge(updatedAt, now)}`,
  ]);
  out.table(['project', 'open runs', 'workflows', 'limits by'], rows);
}

function mostText(most: number | null): string {
  return most === null ? 'any number' : String(most);
}

async function set(
  { client, out, json }: Session,
  { openRuns, workflows }: { openRuns?: string; workflows?: string },
  projectId: string,
): Promise<void> {
  if (openRuns === undefined && workflows === undefined)
    throw usageError('Say what to set: --open-runs <number>, --workflows <number>, or both');
  const path = `/api/limits/${encodeURIComponent(projectId)}`;
  const wanted = {
    ...(openRuns !== undefined && { maxOpenRuns: readMost('--open-runs', openRuns) }),
    ...(workflows !== undefined && { maxWorkflows: readMost('--workflows', workflows) }),
  };
  const { own } = await client.get<ProjectLimits>(path);
  const now = await client.put<ProjectLimits>(path, { body: { ...own, ...wanted } satisfies OwnLimits });
  if (json) out.json(now);
  else out.line(`${projectId}: ${mostText(now.maxOpenRuns)} open runs, ${mostText(now.maxWorkflows)} workflows`);
}

function readMost(option: string, given: string): number | null {
  if (given === 'default') return null;
  if (/^\d{1,8}$/.test(given)) return Number(given);
  throw usageError(`${option} ${given} is no number: write one, 0 for no limit, or default`);
}
