import { useState, type ReactNode } from 'react';
import type { Loaded } from '../live/resource.ts';
import { useNow } from '../time/clock.ts';
import { formatDuration } from '../time/format.ts';
import { ProblemNotice } from './problem-notice.tsx';

/** Below this nobody needs to be told that something is loading. */
const UNNOTICED_MS = 400;
const SLOW_MS = 5_000;

/** Says what is awaited and for how long: there is no spinner without a reason. `since` null: since it is shown. */
export function Loading({ what, since }: { readonly what: string; readonly since: number | null }) {
  const [shownSince] = useState(() => Date.now());
  const waited = useNow() - (since ?? shownSince);
  if (waited < UNNOTICED_MS) return <p className="loading">&nbsp;</p>;
  return (
    <p className="loading" role="status">
      Loading {what}, for {formatDuration(waited)}
      {waited > SLOW_MS && ': the service answers slowly. Nothing is lost by waiting or by loading this page again.'}
    </p>
  );
}

interface AwaitProps<T> {
  readonly of: Loaded<T> & { reload?: () => Promise<void> };
  /** Completes “Loading …”. */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** Shows what was loaded; until then what is awaited, or why it did not come. Old data stays beside a new error. */
export function Await<T>({ of: { data, error, waitingSince, reload }, what, children }: AwaitProps<T>) {
  if (data === undefined)
    return error ? (
      <ProblemNotice error={error} retry={reload && (() => void reload())} />
    ) : (
      <Loading what={what} since={waitingSince} />
    );
  return (
    <>
      {error && error.name !== 'NoConnection' && (
        <ProblemNotice error={error} retry={reload && (() => void reload())} />
      )}
      {children(data)}
    </>
  );
}
