import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import type { FreshToken, Token } from '../../wire.ts';

/** What each scope may do, the weakest first. */
const SCOPES: Readonly<Record<Token['scope'], string>> = {
  viewer: 'reads',
  metrics: 'reads /metrics only',
  webhook: 'calls webhooks only',
  approver: 'reads and decides',
  operator: 'reads, starts and steers runs',
  admin: 'does everything',
};

const DAY_MS = 86_400_000;
/** In days; 0 is never. */
const LIFETIMES = [
  [30, '30 days'],
  [90, '90 days'],
  [365, 'a year'],
  [0, 'never'],
] as const;

interface Props {
  /** The first one ends the time in which callers of this machine need none. */
  readonly isFirst: boolean;
  readonly onMade: (token: FreshToken) => void;
}

export function NewTokenForm({ isFirst, onMade }: Props) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Token['scope']>(isFirst ? 'admin' : 'viewer');
  const [days, setDays] = useState(isFirst ? 0 : 90);
  const [error, setError] = useState<Error>();
  const make = async (): Promise<void> => {
    const expiresAt = days === 0 ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() };
    onMade(await bodyOf(api.POST('/api/tokens', { body: { name, scope, ...expiresAt } })));
  };
  return (
    <form className="stack" onSubmit={(event) => event.preventDefault()}>
      {isFirst && (
        <p className="notice amber">
          This is the first token: with it every caller needs one. It has to be an administrator’s that does not end.
        </p>
      )}
      <label className="field">
        <span className="label">Name: who or what will use it</span>
        <input
          className="input"
          autoComplete="off"
          spellCheck={false}
          maxLength={63}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <label className="field">
        <span className="label">Scope</span>
        <select className="input" value={scope} onChange={({ target }) => setScope(target.value as Token['scope'])}>
          {Object.entries(SCOPES).map(([value, what]) => (
            <option key={value} value={value}>
              {value}: {what}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="label">Ends after</span>
        <select className="input" value={days} onChange={({ target }) => setDays(Number(target.value))}>
          {LIFETIMES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {error && <ProblemNotice error={error} />}
      <div>
        <ActionButton kind="primary" doing="Making" run={make} onError={setError}>
          Make it
        </ActionButton>
      </div>
    </form>
  );
}
