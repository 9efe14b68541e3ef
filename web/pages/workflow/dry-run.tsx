import { useState } from 'react';
import { api, ApiProblem, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useRefusal } from '../../session/session.ts';
import type { Workflow } from '../../wire.ts';
import { DryRunTable, type DryNode } from './dry-run-table.tsx';

/** Walks the stored definition without running anything: what each node would do with this input and these outputs. */
export function DryRun({ workflow }: { readonly workflow: Workflow }) {
  const [input, setInput] = useState('{}');
  const [outputs, setOutputs] = useState('{}');
  const [error, setError] = useState<Error>();
  const [nodes, setNodes] = useState<readonly DryNode[]>();
  const refused = useRefusal('operate');
  const walk = async (): Promise<void> => {
    setError(undefined);
    const body = { input: readObject(input, 'input'), outputs: readObject(outputs, 'outputs') };
    const params = { path: { id: workflow.id } };
    setNodes((await bodyOf(api.POST('/api/workflows/{id}/test', { params, body }))).nodes);
  };
  return (
    <div className="card-body stack">
      <p className="muted">
        No agent starts, nobody is asked, nothing is stored. Conditions, expressions and templates are computed as in a
        run; give the outputs of nodes that later ones read.
      </p>
      <form className="dry-run-fields" onSubmit={(event) => event.preventDefault()}>
        <JsonField label="Input, a JSON object" text={input} onText={setInput} />
        <JsonField label="Outputs by node, a JSON object" text={outputs} onText={setOutputs} />
      </form>
      <div className="row">
        <ActionButton kind="primary" doing="Walking" refused={refused} run={walk} onError={setError}>
          Test it
        </ActionButton>
        {refused !== undefined && <span className="small muted">{refused}</span>}
      </div>
      {error && <ProblemNotice error={error} />}
      {nodes && <DryRunTable nodes={nodes} />}
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function JsonField({ label, text, onText }: FieldProps) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <textarea
        className="input"
        rows={6}
        spellCheck={false}
        value={text}
        onChange={({ target }) => onText(target.value)}
      />
    </label>
  );
}

function readObject(text: string, name: string): Record<string, unknown> {
  const refuse = (message: string): never => {
    throw new ApiProblem({
      status: 400,
      title: 'This is no JSON object',
      detail: 'Nothing was sent.',
      errors: [{ path: name, message }],
    });
  };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    return refuse((error as Error).message);
  }
  return refuse('Must be an object: { "name": value }');
}
