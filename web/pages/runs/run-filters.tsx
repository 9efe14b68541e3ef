import { useEffect, useState } from 'react';
import { RUN_STATUSES, type RunStatus } from '../../../contracts/statuses.ts';
import { STATUS_LABELS, StatusIcon } from '../../components/status.tsx';
import { setQuery } from '../../router.tsx';
import type { RunFilter } from './run-filter.ts';

const TRIGGERS = ['api', 'schedule', 'alertmanager', 'grafana', 'nats', 'webhook', 'workflow', 'retry'];
/** So that not every key pressed asks the service. */
const TYPING_MS = 250;

export function RunFilters({ filter }: { readonly filter: RunFilter }) {
  return (
    <div className="card-body stack tight" role="search">
      <div className="filter-fields">
        <TextFilter
          name="q"
          label="Search"
          placeholder="Part of an id, workflow, label or error"
          filter={filter}
          isSearch
        />
        <TextFilter name="workflow" label="Workflow" placeholder="Its whole name" filter={filter} />
        <label className="field">
          <span className="label">Trigger</span>
          <select
            className="input"
            value={filter.trigger ?? ''}
            onChange={({ target }) => setQuery({ trigger: target.value })}
          >
            <option value="">any</option>
            {TRIGGERS.map((trigger) => (
              <option key={trigger}>{trigger}</option>
            ))}
          </select>
        </label>
        <TextFilter name="label" label="Label" placeholder="name=value" filter={filter} />
        <TextFilter name="from" label="Created from" type="datetime-local" filter={filter} />
        <TextFilter name="to" label="to" type="datetime-local" filter={filter} />
      </div>
      <StatusFilter chosen={filter.status?.split(',') ?? []} />
    </div>
  );
}

function StatusFilter({ chosen }: { readonly chosen: readonly string[] }) {
  const toggle = (status: RunStatus): void => {
    const next = chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status];
    setQuery({ status: next.join(',') });
  };
  return (
    <div className="row tight" role="group" aria-label="Status">
      {RUN_STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          className="filter-status"
          data-status={status}
          aria-pressed={chosen.includes(status)}
          onClick={() => toggle(status)}
        >
          <StatusIcon status={status} />
          {STATUS_LABELS[status]}
        </button>
      ))}
    </div>
  );
}

interface TextProps {
  readonly name: keyof RunFilter;
  readonly label: string;
  readonly filter: RunFilter;
  readonly placeholder?: string;
  readonly type?: 'search' | 'datetime-local';
  readonly isSearch?: boolean;
}

function TextFilter({ name, label, filter, placeholder, type = 'search', isSearch = false }: TextProps) {
  const outside = filter[name] ?? '';
  const [text, setText] = useState(outside);
  useEffect(() => setText(outside), [outside]);
  useEffect(() => {
    if (text === outside) return undefined;
    const timer = window.setTimeout(() => setQuery({ [name]: text, focus: null }), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [text, outside, name]);
  return (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input"
        type={type}
        value={text}
        placeholder={placeholder}
        data-search={isSearch ? '' : undefined}
        onChange={({ target }) => setText(target.value)}
      />
    </label>
  );
}
