import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import type { PageParams } from '../../page-params.ts';
import { useRefusal } from '../../session/session.ts';
import type { Agent } from '../../wire.ts';
import { StatisticsLine, useAgentStatistics } from './agent-statistics.tsx';
import { SchemaTable } from './schema-table.tsx';
import { TryAgent } from './try-agent.tsx';
import './agent.css';

export default function AgentPage({ params: { agent: name = '' } }: { readonly params: PageParams }) {
  const agent = useResource(`agent/${name}`, (signal) =>
    bodyOf(api.GET('/api/agents/{id}', { params: { path: { id: name } }, signal })),
  );
  return (
    <Await of={agent} what="the agent">
      {(data) => <AgentView agent={data} onChanged={() => void agent.reload()} />}
    </Await>
  );
}

interface Props {
  readonly agent: Agent;
  readonly onChanged: () => void;
}

function AgentView({ agent, onChanged }: Props) {
  return (
    <>
      <PageHead
        title={agent.name}
        crumbs={[{ text: 'Agents', to: '/agents' }]}
        actions={<PauseButton agent={agent} onChanged={onChanged} />}
      >
        {agent.description !== null && <p>{agent.description}</p>}
        <StatisticsLine statistics={useAgentStatistics().get(agent.name)} />
        <p className="small">
          Version {agent.version}, registered <Time at={agent.updatedAt} />
          {agent.riskLevel === 'APPROVAL_REQUIRED' && ', asks for an approval before each run'}
        </p>
      </PageHead>
      <div className="agent-columns">
        <TryAgent agent={agent} />
        <div className="stack">
          <section className="card" aria-labelledby="input-schema">
            <div className="card-head">
              <h2 id="input-schema">Input</h2>
            </div>
            <SchemaTable schema={agent.inputSchema} label="Input of the agent" />
          </section>
          <section className="card" aria-labelledby="output-schema">
            <div className="card-head">
              <h2 id="output-schema">Output</h2>
            </div>
            <SchemaTable schema={agent.outputSchema} label="Output of the agent" />
          </section>
          <section className="card card-body stack tight" aria-labelledby="manifest">
            <h2 id="manifest">Manifest</h2>
            <JsonView value={agent.manifest} label="Manifest of the agent" />
          </section>
        </div>
      </div>
    </>
  );
}

function PauseButton({ agent, onChanged }: Props) {
  const [error, setError] = useState<Error>();
  const refused = useRefusal('operate');
  const params = { params: { path: { id: agent.id } } };
  const toggle = async (): Promise<void> => {
    await (agent.pausedAt === null
      ? bodyOf(api.POST('/api/agents/{id}/pause', params))
      : bodyOf(api.POST('/api/agents/{id}/resume', params)));
    onChanged();
  };
  return (
    <>
      <ActionButton doing="Working" refused={refused} run={toggle} onError={setError}>
        {agent.pausedAt === null ? 'Pause: let its nodes wait' : 'Resume'}
      </ActionButton>
      {error && <ProblemNotice error={error} />}
    </>
  );
}
