import { api, bodyOf } from '../../api-client.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';

/** For whoever opens the console of an empty service. */
export function FirstSteps() {
  const { data } = useResource('workflows/any', (signal) =>
    bodyOf(api.GET('/api/workflows', { params: { query: { limit: 1 } }, signal })),
  );
  if (data?.length !== 0) return null;
  return (
    <section className="card card-body stack tight" aria-labelledby="first">
      <h2 id="first">There are no workflows yet</h2>
      <p>A workflow says which agents run, in which order, with which input. Store the example and start it:</p>
      <CodeBlock
        label="Commands for the first run"
        text={
          'npx commandcenter workflow apply -f examples/full-analysis.json\nnpx commandcenter run full-analysis --watch --input repositoryPath=.'
        }
      />
      <p>
        Or <Link to="/new-workflow">write one here</Link>.
      </p>
    </section>
  );
}
