import { useState, type ReactNode } from 'react';
import { useNow } from '../time/clock.ts';
import { formatDuration } from '../time/format.ts';

interface Props {
  readonly children: ReactNode;
  /** What is being done, while it is: “Cancelling”. */
  readonly doing: string;
  readonly run: () => Promise<unknown>;
  readonly onError: (error: Error) => void;
  readonly kind?: 'primary' | 'danger' | undefined;
  /** Why it cannot be done now: the button is then disabled and says so. */
  readonly refused?: string | undefined;
}

/** A button whose work takes time: says what it does and for how long, and cannot be pressed twice. */
export function ActionButton({ children, doing, run, onError, kind, refused }: Props) {
  const [since, setSince] = useState<number | null>(null);
  const start = async (): Promise<void> => {
    setSince(Date.now());
    try {
      await run();
    } catch (error) {
      onError(error as Error);
    } finally {
      setSince(null);
    }
  };
  return (
    <button
      type="button"
      className={kind === undefined ? 'button' : `button ${kind}`}
      disabled={since !== null || refused !== undefined}
      title={refused}
      onClick={() => void start()}
    >
      {since === null ? children : <Working doing={doing} since={since} />}
    </button>
  );
}

function Working({ doing, since }: { readonly doing: string; readonly since: number }) {
  const ms = useNow() - since;
  return (
    <>
      {doing}
      {ms > 1_000 && `, ${formatDuration(ms)}`}
    </>
  );
}
