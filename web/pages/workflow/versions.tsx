import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Changes } from '../../components/changes.tsx';
import { Await } from '../../components/loading.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { setQuery, useQuery } from '../../router.tsx';
import { useRefusal } from '../../session/session.ts';
import type { Workflow, WorkflowVersion } from '../../wire.ts';

interface Props {
  readonly workflow: Workflow;
  readonly onChanged: () => void;
}

const MOST_LISTED = 100;

/** Every version, what it changed, and the way back to it. */
export function Versions({ workflow, onChanged }: Props) {
  const { id, version: current } = workflow;
  const versions = useResource(`versions/${id}/${current}`, (signal) =>
    bodyOf(
      api.GET('/api/workflows/{id}/versions', { params: { path: { id }, query: { limit: MOST_LISTED } }, signal }),
    ),
  );
  const chosen = Number(useQuery().get('version') ?? current);
  return (
    <Await of={versions} what="the versions">
      {(list) => (
        <div className="versions">
          <ol className="version-list">
            {list.map((version) => (
              <li key={version.version}>
                <VersionButton version={version} current={current} chosen={chosen} />
              </li>
            ))}
          </ol>
          <VersionDetails key={chosen} workflow={workflow} version={chosen} onChanged={onChanged} />
        </div>
      )}
    </Await>
  );
}

interface ButtonProps {
  readonly version: WorkflowVersion;
  readonly current: number;
  readonly chosen: number;
}

function VersionButton({ version: { version, createdBy, createdAt }, current, chosen }: ButtonProps) {
  return (
    <button
      type="button"
      className="version-button"
      aria-current={version === chosen ? 'true' : undefined}
      data-row=""
      onClick={() => setQuery({ version: String(version) })}
    >
      <strong>
        Version {version}
        {version === current && ', current'}
      </strong>
      <span className="muted small">
        <Time at={createdAt} />
        {createdBy !== null && ` by ${createdBy}`}
      </span>
    </button>
  );
}

function VersionDetails({
  workflow: { id, version: current },
  version,
  onChanged,
}: Props & { readonly version: number }) {
  const [error, setError] = useState<Error>();
  const refused = useRefusal('administrate');
  const from = useQuery().get('from');
  const query = from === null ? {} : { from: Number(from) };
  const diff = useResource(`diff/${id}/${version}/${from ?? ''}`, (signal) =>
    bodyOf(
      api.GET('/api/workflows/{id}/versions/{version}/diff', { params: { path: { id, version }, query }, signal }),
    ),
  );
  const rollBack = async (): Promise<void> => {
    await bodyOf(api.POST('/api/workflows/{id}/rollback', { params: { path: { id } }, body: { version } }));
    setQuery({ version: null });
    onChanged();
  };
  return (
    <section className="stack" aria-label={`Version ${version}`}>
      <div className="row apart">
        {current === 1 ? (
          <h2>Version 1</h2>
        ) : (
          <label className="row tight">
            <span>Version {version}, compared with</span>
            <select
              className="input version-choice"
              value={from ?? String(Math.max(1, version - 1))}
              onChange={({ target }) => setQuery({ from: target.value })}
            >
              {Array.from({ length: current }, (_, index) => index + 1).map((one) => (
                <option key={one} value={one}>
                  version {one}
                </option>
              ))}
            </select>
          </label>
        )}
        {version !== current && (
          <ActionButton doing="Rolling back" refused={refused} run={rollBack} onError={setError}>
            Make it the current one
          </ActionButton>
        )}
      </div>
      {error && <ProblemNotice error={error} />}
      <Await of={diff} what="the differences">
        {({ changes }) => <Changes changes={changes} none={version === 1 ? 'The first version.' : 'No difference.'} />}
      </Await>
    </section>
  );
}
