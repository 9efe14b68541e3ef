import { useMemo, useState } from 'react';
import { api, ApiProblem, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useRefusal } from '../../session/session.ts';
import type { Definition, Workflow } from '../../wire.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { useKnown } from '../../editor/use-known.ts';
import { readDefinition } from './positions.ts';

interface Props {
  /** Absent for a new one. */
  readonly workflow?: Workflow;
  readonly initial?: string;
  readonly onSaved: (workflow: Workflow) => void;
}

/** The definition as text; what the service finds wrong with it stands at its line. */
export default function DefinitionEditor({ workflow, initial, onSaved }: Props) {
  const original = useMemo(() => initial ?? (workflow ? textOf(workflow) : ''), [workflow, initial]);
  const [text, setText] = useState(original);
  const [checked, setChecked] = useState<{ readonly text: string; readonly error: Error | undefined }>();
  const mayNotCheck = useRefusal('operate');
  const mayNotSave = useRefusal('administrate');
  const typed = useMemo(() => readDefinition(text), [text]);
  const current = checked?.text === text ? checked : undefined;
  const error = current?.error;
  const problems = useMemo(() => {
    const found = problemsOf(error).map(({ path, message }) => ({
      line: typed.lineOf(path),
      message: `${path}: ${message}`,
    }));
    return [...typed.faults, ...found];
  }, [typed, error]);
  const unreadable = typed.value ? undefined : 'The text cannot be read: see the problem beside it.';

  const attempt = async (work: (definition: Definition) => Promise<unknown>): Promise<void> => {
    setChecked(undefined);
    try {
      await work(typed.value as unknown as Definition);
      setChecked({ text, error: undefined });
    } catch (error) {
      setChecked({ text, error: error as Error });
    }
  };
  const check = (): Promise<void> => attempt((body) => bodyOf(api.POST('/api/workflows/validate', { body })));
  const save = (): Promise<void> => attempt(async (body) => onSaved(await store(workflow, body)));
  const onError = (error: Error): void => setChecked({ text, error });
  return (
    <div className="card-body stack">
      <div className="row">
        <ActionButton
          kind="primary"
          doing="Saving"
          refused={mayNotSave ?? unreadable ?? (text === original && workflow ? 'Nothing is changed.' : undefined)}
          run={save}
          onError={onError}
        >
          {workflow ? `Save as version ${workflow.version + 1}` : 'Save'}
        </ActionButton>
        <ActionButton doing="Checking" refused={mayNotCheck ?? unreadable} run={check} onError={onError}>
          Check
        </ActionButton>
        {text !== original && (
          <button type="button" className="button" onClick={() => setText(original)}>
            Discard changes
          </button>
        )}
        <a href="/api/schemas/workflow.json">JSON Schema of a definition</a>
      </div>
      {current && !current.error && (
        <p className="notice green" role="status">
          It can be stored: no problem found.
        </p>
      )}
      {current?.error && problemsOf(current.error).length === 0 && <ProblemNotice error={current.error} />}
      <CodeEditor text={text} onText={setText} problems={problems} known={useKnown()} />
    </div>
  );
}

function store(workflow: Workflow | undefined, body: Definition): Promise<Workflow> {
  if (!workflow) return bodyOf(api.POST('/api/workflows', { body }));
  const params = { path: { id: workflow.id }, header: { 'If-Match': `"${workflow.version}"` } };
  return bodyOf(api.PUT('/api/workflows/{id}', { params, body }));
}

function problemsOf(error: Error | undefined): ApiProblem['problems'] {
  return error instanceof ApiProblem ? error.problems : [];
}

/** The order in which people write a definition; what they wrote besides follows. */
const FIELDS = ['name', 'projectId', 'description', 'status', 'labels', 'inputSchema', 'triggers', 'nodes', 'edges'];
const NODE_FIELDS = ['id', 'kind', 'agent', 'workflow', 'transform', 'forEach', 'input', 'when', 'runIf'];
/** What the service adds: it would only be in the way. */
const ADDED = ['id', 'version', 'pausedAt', 'pausedBy', 'createdAt', 'updatedAt'];

function textOf(workflow: Workflow): string {
  const own = Object.fromEntries(Object.entries(workflow).filter(([field]) => !ADDED.includes(field)));
  const edges = workflow.edges.map(({ from, to }) => ({ from, to }));
  const nodes = workflow.nodes.map((node) => inOrder(node, NODE_FIELDS));
  return JSON.stringify(inOrder({ ...own, nodes, edges }, FIELDS), null, 2);
}

function inOrder(value: Readonly<Record<string, unknown>>, order: readonly string[]): Record<string, unknown> {
  const first = order.filter((field) => field in value).map((field) => [field, value[field]]);
  return Object.fromEntries([...first, ...Object.entries(value).filter(([field]) => !order.includes(field))]) as Record<
    string,
    unknown
  >;
}
