import { useReadiness, type Readiness } from '../session/readiness.ts';
import { Await } from './loading.tsx';
import { StatusIcon, type AnyStatus } from './status.tsx';

type PartName = keyof Readiness['parts'];

const TITLES: Readonly<Record<PartName, string>> = {
  database: 'Postgres',
  migrations: 'Schema',
  redis: 'Queue',
  nats: 'NATS',
  executor: 'Executor',
};
/** What being without it means, and what to do. */
const MEANING: Readonly<Record<PartName, string>> = {
  database: 'Nothing can be stored: triggers are refused until it is back.',
  migrations: 'Run npm run migrate.',
  redis: 'Runs wait and lose nothing.',
  nats: 'Events are kept and published later.',
  executor: 'Agents wait until it is back.',
};
const LOOKS = { ok: 'SUCCESS', failed: 'FAILED', off: 'SKIPPED' } as const satisfies Record<string, AnyStatus>;

/** The servers that everything stands on. */
export function Parts() {
  const readiness = useReadiness();
  return (
    <section className="card" aria-labelledby="parts">
      <div className="card-head">
        <h2 id="parts">Parts</h2>
        <a href="/health/ready">as JSON</a>
      </div>
      <Await of={readiness} what="the state of each part">
        {({ parts }) => (
          <ul>
            {(Object.keys(TITLES) as PartName[]).map((name) => (
              <Part key={name} name={name} part={parts[name]} />
            ))}
          </ul>
        )}
      </Await>
    </section>
  );
}

function Part({
  name,
  part: { status, error },
}: {
  readonly name: PartName;
  readonly part: Readiness['parts'][PartName];
}) {
  return (
    <li className="list-row" data-status={LOOKS[status]}>
      <div className="row apart">
        <span className="row tight">
          <StatusIcon status={LOOKS[status]} />
          {TITLES[name]}
        </span>
        <span className="muted">{status === 'failed' ? 'away' : status}</span>
      </div>
      {status === 'failed' && (
        <p className="small wrap-anywhere">
          {error}. {MEANING[name]}
        </p>
      )}
    </li>
  );
}
