import { useState } from 'react';
import { addressOf } from '../../addresses.ts';
import { api, ApiProblem, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { fieldsOf, readForm, type FormTexts } from '../../components/schema-form/fields.ts';
import { SchemaForm } from '../../components/schema-form/schema-form.tsx';
import { navigate } from '../../router.tsx';
import { useRefusal } from '../../session/session.ts';
import type { Agent, Definition } from '../../wire.ts';

/** A form for one run of the agent alone. */
export function TryAgent({ agent }: { readonly agent: Agent }) {
  const fields = fieldsOf(agent.inputSchema);
  const [texts, setTexts] = useState<FormTexts>({});
  const [error, setError] = useState<Error>();
  const refused = useRefusal('administrate');
  const start = async (): Promise<void> => {
    setError(undefined);
    const reading = readForm(fields, texts);
    if ('problems' in reading)
      throw new ApiProblem({
        status: 400,
        title: 'Not complete',
        detail: 'See the fields above.',
        errors: [...reading.problems],
      });
    const workflow = await storeTrial(agent.name, reading.value);
    const accepted = await bodyOf(
      api.POST('/api/workflows/{id}/trigger', { params: { path: { id: workflow } }, body: {} }),
    );
    navigate(`${addressOf.run(accepted.workflowName, accepted.workflowRunId)}?node=agent`);
  };
  return (
    <section className="card" aria-labelledby="try">
      <div className="card-head">
        <h2 id="try">Try it</h2>
      </div>
      <form className="card-body stack" onSubmit={(event) => event.preventDefault()}>
        <SchemaForm
          fields={fields}
          texts={texts}
          onChange={setTexts}
          problems={error instanceof ApiProblem ? error.problems.map(atField) : []}
        />
        {error && <ProblemNotice error={error} withoutProblems={fields.length > 0} />}
        <div className="row">
          <ActionButton kind="primary" doing="Starting" refused={refused} run={start} onError={setError}>
            Run it once
          </ActionButton>
          <span className="muted small">
            {refused ?? `As the workflow ${trialName(agent.name)}, with its log and result.`}
          </span>
        </div>
      </form>
    </section>
  );
}

/** A definition's problems are at `nodes[0].input.x`: the form knows `x`. */
function atField({ path, message }: { path: string; message: string }) {
  return { path: path.replace(/^nodes\[0\]\.input\./, ''), message };
}

function trialName(agent: string): string {
  return `try-${agent}`.slice(0, 63).replace(/-$/, '');
}

/** The input stands in the definition as it is, so that the agent's own schema checks it before anything runs. */
async function storeTrial(agent: string, input: Readonly<Record<string, unknown>>): Promise<string> {
  const name = trialName(agent);
  const body = {
    name,
    description: `A trial of ${agent}, made by the console`,
    nodes: [{ id: 'agent', agent, input }],
  } as unknown as Definition;
  const params = { path: { id: name } };
  const { response } = await api.GET('/api/workflows/{id}', { params });
  await (response.status === 404
    ? bodyOf(api.POST('/api/workflows', { body }))
    : bodyOf(api.PUT('/api/workflows/{id}', { params, body })));
  return name;
}
