import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';
import type { Agent, AgentStatistics } from '../../wire.ts';
import { SuccessRate, TypicalDuration, useAgentStatistics } from './agent-statistics.tsx';

const LOADED = 500;

export default function AgentsPage() {
  const agents = useResource(
    'agents',
    (signal) => bodyOf(api.GET('/api/agents', { params: { query: { limit: LOADED } }, signal })),
    { everyMs: 10_000 },
  );
  const statistics = useAgentStatistics();
  return (
    <>
      <PageHead title="Agents">
        <p>
          The programs that nodes run. Those in AGENTS_DIR register themselves at each start. Rates and durations are
          those of the last seven days.
        </p>
      </PageHead>
      <section className="card" aria-label="Agents">
        <Await of={agents} what="the agents">
          {(all) => (all.length === 0 ? <NoAgents /> : <AgentTable agents={all} statistics={statistics} />)}
        </Await>
      </section>
    </>
  );
}

function NoAgents() {
  return (
    <Empty title="No agents are registered">
      <p>An agent is a folder with package.json, index.ts and schemas.ts. This makes one:</p>
      <CodeBlock label="Command that makes an agent" text="npx commandcenter agents new my-agent" />
    </Empty>
  );
}

interface TableProps {
  readonly agents: readonly Agent[];
  /** By the agent's name; what has not run lately is not in it. */
  readonly statistics: ReadonlyMap<string, AgentStatistics>;
}

function AgentTable({ agents, statistics }: TableProps) {
  return (
    <table className="table" aria-label="Agents">
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">Version</th>
          <th scope="col">Risk</th>
          <th scope="col" className="number">
            Succeeded
          </th>
          <th scope="col" className="number">
            Takes
          </th>
          <th scope="col">From</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {[...agents]
          .sort((a, b) => a.name.localeCompare(b.name))
          .map((agent) => (
            <tr key={agent.id}>
              <td>
                <Link to={addressOf.agent(agent.name)} data-row="">
                  <strong>{agent.name}</strong>
                </Link>
                {agent.description !== null && <p className="muted small">{agent.description}</p>}
              </td>
              <td data-label="Version">{agent.version}</td>
              <td data-label="Risk">{agent.riskLevel === 'AUTO' ? 'runs by itself' : 'asks for approval'}</td>
              <td data-label="Succeeded" className="number">
                <SuccessRate statistics={statistics.get(agent.name)} />
              </td>
              <td data-label="Takes" className="number">
                <TypicalDuration statistics={statistics.get(agent.name)} />
              </td>
              <td data-label="From">{agent.source === 'folder' ? 'folder' : (agent.image ?? 'API')}</td>
              <td data-label="State">
                {agent.pausedAt === null ? 'ready' : `paused by ${agent.pausedBy ?? 'somebody'}`}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
