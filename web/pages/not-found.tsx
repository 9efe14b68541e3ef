import { PageHead } from '../components/page-head.tsx';
import { Link, usePath } from '../router.tsx';

export function NotFound() {
  return (
    <>
      <PageHead title="There is no such page">
        <p>
          Nothing stands under <code>{usePath()}</code>.
        </p>
      </PageHead>
      <p>
        <Link to="/">The overview</Link> leads to everything that there is.
      </p>
    </>
  );
}
