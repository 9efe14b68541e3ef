import { isTerminal } from '../../../contracts/statuses.ts';
import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { RunStrip } from '../../components/run-strip.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';
import type { Definition, RunSummary, Workflow } from '../../wire.ts';

/** How many runs the success rate is counted over. */
const COUNTED = 20;
const SHOWN = 10;

interface Props {
  readonly workflow: Workflow;
  /** When a schedule starts it next. */
  readonly next: string | undefined;
}

/** One workflow of the list: how it is started, when next, and how its last runs went. */
export function WorkflowLine({ workflow, next }: Props) {
  const { id, name, status, pausedAt } = workflow;
  const { data: runs } = useResource(
    `strip/${id}`,
    (signal) =>
      bodyOf(api.GET('/api/workflows/{id}/runs', { params: { path: { id }, query: { limit: COUNTED } }, signal })),
    { everyMs: 5_000 },
  );
  return (
    <div className="workflow-line">
      <div className="workflow-name">
        <Link to={addressOf.workflow(name)} data-row="">
          {name}
        </Link>
        {status !== 'ACTIVE' && <span className="tag">{status.toLowerCase()}</span>}
        {pausedAt !== null && <span className="tag">paused</span>}
        <p className="muted small">{describe(workflow)}</p>
      </div>
      <span className="workflow-rate numeric">{runs && rateOf(runs)}</span>
      <span className="workflow-strip">{runs && <RunStrip runs={runs.slice(0, SHOWN)} />}</span>
      <span className="workflow-last muted small">
        {runs?.[0] ? <Time at={runs[0].createdAt} /> : runs && 'never run'}
        {next !== undefined && (
          <span className="workflow-next">
            next <Time at={next} />
          </span>
        )}
      </span>
    </div>
  );
}

function rateOf(runs: readonly RunSummary[]): string {
  const ended = runs.filter(({ status }) => isTerminal(status) && status !== 'CANCELLED');
  if (ended.length === 0) return '';
  const succeeded = ended.filter(({ status }) => status === 'SUCCESS').length;
  return `${Math.round((succeeded / ended.length) * 100)} % of ${ended.length}`;
}

function describe(workflow: Workflow): string {
  const { description, triggers = [], nodes } = workflow as unknown as Definition;
  const starts = triggers.map((trigger) =>
    trigger.type === 'schedule' ? `${trigger.cron} ${trigger.timezone}` : trigger.type,
  );
  return [
    `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`,
    ...starts,
    ...(description === undefined ? [] : [description]),
  ].join(' · ');
}
