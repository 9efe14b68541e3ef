import { api, bodyOf } from '../../api-client.ts';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import type { ProjectLimits } from '../../wire.ts';

/** What each project has of what it may have. */
export function LimitsTable() {
  const limits = useResource('limits', (signal) => bodyOf(api.GET('/api/limits', { signal })), { everyMs: 5_000 });
  return (
    <section className="card" aria-labelledby="limits">
      <div className="card-head">
        <h2 id="limits">Limits of projects</h2>
      </div>
      <Await of={limits} what="the limits">
        {(projects) =>
          projects.length === 0 ? (
            <Empty title="No project yet">
              <p>The first workflow makes one.</p>
            </Empty>
          ) : (
            <Table projects={projects} />
          )
        }
      </Await>
    </section>
  );
}

function Table({ projects }: { readonly projects: readonly ProjectLimits[] }) {
  return (
    <table className="table names" aria-labelledby="limits">
      <thead>
        <tr>
          <th scope="col">Project</th>
          <th scope="col">Open runs</th>
          <th scope="col">Workflows</th>
          <th scope="col">Limits by</th>
        </tr>
      </thead>
      <tbody>
        {projects.map(({ projectId, openRuns, maxOpenRuns, workflows, maxWorkflows, updatedBy, updatedAt }) => (
          <tr key={projectId}>
            <td>{projectId}</td>
            <td data-label="Open runs">{share(openRuns, maxOpenRuns)}</td>
            <td data-label="Workflows">{share(workflows, maxWorkflows)}</td>
            <td data-label="Limits by">
              {updatedAt === null ? (
                <span className="muted">the environment</span>
              ) : (
                <>
                  {updatedBy}, <Time at={updatedAt} />
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function share(used: number, most: number | null): string {
  return `${used.toLocaleString('en')} of ${most === null ? 'any number' : most.toLocaleString('en')}`;
}
