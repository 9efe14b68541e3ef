import { lazy, Suspense } from 'react';
import { addressOf } from '../../addresses.ts';
import { Loading } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { navigate } from '../../router.tsx';
import './workflow.css';

const DefinitionEditor = lazy(() => import('./definition-editor.tsx'));

const EXAMPLE = `{
  "name": "my-workflow",
  "description": "Scans a repository, then tells",
  "inputSchema": {
    "type": "object",
    "required": ["repositoryPath"],
    "properties": {
      "repositoryPath": { "type": "string", "description": "An absolute path below WORKSPACE_ROOTS" }
    }
  },
  "nodes": [
    {
      "id": "scan",
      "agent": "security-scanner",
      "input": { "repositoryPath": "{{ input.repositoryPath }}" }
    },
    {
      "id": "notify",
      "agent": "notifier",
      "input": { "channel": "console", "message": "{{ scan.output.summary.total }} findings" }
    }
  ],
  "edges": [{ "from": "scan", "to": "notify" }]
}
`;

export default function NewWorkflowPage() {
  return (
    <>
      <PageHead title="New workflow" crumbs={[{ text: 'Workflows', to: '/workflows' }]}>
        <p>JSON or YAML. The example scans a repository and tells what it found: change it, check it, save it.</p>
      </PageHead>
      <section className="card" aria-label="Definition">
        <Suspense fallback={<Loading what="the editor" since={null} />}>
          <DefinitionEditor initial={EXAMPLE} onSaved={({ name }) => navigate(addressOf.workflow(name))} />
        </Suspense>
      </section>
    </>
  );
}
