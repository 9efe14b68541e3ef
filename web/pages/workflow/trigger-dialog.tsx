import { useState } from 'react';
import { addressOf } from '../../addresses.ts';
import { api, ApiProblem, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { fieldsOf, readForm, type FormReading, type FormTexts } from '../../components/schema-form/fields.ts';
import { SchemaForm } from '../../components/schema-form/schema-form.tsx';
import { navigate } from '../../router.tsx';
import type { Definition, Workflow } from '../../wire.ts';
import { asCli, asCurl } from './commands.ts';

interface Props {
  readonly workflow: Workflow;
  readonly onClose: () => void;
}

/** Starts a run: a form drawn from the input schema, which is also a curl and a CLI command. */
export function TriggerDialog({ workflow, onClose }: Props) {
  const fields = fieldsOf((workflow as unknown as Definition).inputSchema);
  const [texts, setTexts] = useState<FormTexts>({});
  const [json, setJson] = useState('{}');
  const [error, setError] = useState<Error>();
  const read = (): FormReading => (fields.length > 0 ? readForm(fields, texts) : readJson(json));
  const reading = read();
  const problems = error instanceof ApiProblem ? error.problems : [];
  const start = async (): Promise<void> => {
    setError(undefined);
    if ('problems' in reading)
      throw new ApiProblem({
        status: 400,
        title: 'Not complete',
        detail: 'See the fields above.',
        errors: [...reading.problems],
      });
    const params = { path: { id: workflow.id } };
    const accepted = await bodyOf(
      api.POST('/api/workflows/{id}/trigger', { params, body: { input: { ...reading.value } } }),
    );
    navigate(addressOf.run(accepted.workflowName, accepted.workflowRunId));
  };
  return (
    <Dialog title={`Run ${workflow.name}`} onClose={onClose}>
      <form className="stack" onSubmit={(event) => event.preventDefault()}>
        {fields.length > 0 ? (
          <SchemaForm fields={fields} texts={texts} onChange={setTexts} problems={problems} />
        ) : (
          <label className="field">
            <span className="label">Input, a JSON object</span>
            <textarea
              className="input"
              rows={5}
              spellCheck={false}
              value={json}
              onChange={({ target }) => setJson(target.value)}
            />
            <span className="field-hint">The workflow has no inputSchema. With one, this would be a form.</span>
          </label>
        )}
        {error && <ProblemNotice error={error} withoutProblems={fields.length > 0} />}
        <div className="row">
          <ActionButton kind="primary" doing="Starting" run={start} onError={setError}>
            Start the run
          </ActionButton>
          {'value' in reading && (
            <>
              <CopyButton text={asCurl(location.origin, workflow.name, reading.value)} label="Copy as curl" />
              <CopyButton text={asCli(workflow.name, reading.value)} label="Copy as CLI" />
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function readJson(text: string): FormReading {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { value: value as Record<string, unknown> };
    return { problems: [{ path: 'input', message: 'Must be a JSON object' }] };
  } catch (error) {
    return { problems: [{ path: 'input', message: (error as Error).message }] };
  }
}
