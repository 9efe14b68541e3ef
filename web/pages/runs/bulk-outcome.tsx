interface Props {
  readonly action: 'cancel' | 'retry';
  readonly outcome: {
    readonly runs: readonly { readonly workflowRunId: string; readonly done: boolean; readonly problem?: string }[];
    readonly more: boolean;
  };
}

const MOST_PROBLEMS = 20;

/** How many were changed, and why the others were not. */
export function BulkOutcome({ action, outcome: { runs, more } }: Props) {
  const refused = runs.filter(({ done }) => !done);
  return (
    <div className={refused.length > 0 ? 'notice amber' : 'notice green'} role="status">
      <p>
        {runs.length - refused.length} {action === 'cancel' ? 'cancelled' : 'retried as new runs'}
        {refused.length > 0 && `, ${refused.length} not`}.{more && ' The filter finds more.'}
      </p>
      {refused.length > 0 && (
        <ul>
          {refused.slice(0, MOST_PROBLEMS).map(({ workflowRunId, problem }) => (
            <li key={workflowRunId}>
              <span className="mono">{workflowRunId.slice(0, 8)}</span> {problem}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
