import type { ReactNode } from 'react';
import { addressOf } from '../../addresses.ts';
import { Duration, Time } from '../../components/time.tsx';
import { Link } from '../../router.tsx';
import type { AgentRun, Run } from '../../wire.ts';
import { adviceFor } from './advice.ts';
import { Why } from './why.tsx';

/** The error first, then why it waits, then times and places. */
export function NodeFacts({ run, row }: { readonly run: Run; readonly row: AgentRun }) {
  return (
    <>
      {row.error && <NodeError row={row} />}
      {row.finishedAt === null && <Why run={run} row={row} />}
      <dl className="facts">
        {row.agent && (
          <Fact name="Agent">
            <Link to={addressOf.agent(row.agent.name)}>{row.agent.name}</Link> {row.agent.version}
          </Fact>
        )}
        <Moments row={row} />
        {row.workerId !== null && (
          <Fact name="Worker">
            <span className="mono">{row.workerId}</span>
          </Fact>
        )}
        {row.exitCode !== null && <Fact name="Exit code">{row.exitCode}</Fact>}
        {row.childRunId !== null && (
          <Fact name="Run of the sub-workflow">
            <Link to={`/runs/${row.childRunId}`}>{row.childRunId.slice(0, 8)}</Link>
          </Fact>
        )}
        {row.copiedFromRunId !== null && (
          <Fact name="Result taken over from">
            <Link to={`/runs/${row.copiedFromRunId}`}>{row.copiedFromRunId.slice(0, 8)}</Link>
          </Fact>
        )}
        {row.finishedAt === null && row.progress !== null && (
          <Fact name="Progress">
            <Progress value={row.progress} />
          </Fact>
        )}
      </dl>
    </>
  );
}

function Moments({ row }: { readonly row: AgentRun }) {
  return (
    <>
      {row.readyAt !== null && (
        <Fact name="Ready">
          <Time at={row.readyAt} />
        </Fact>
      )}
      {row.startedAt !== null && (
        <Fact name="Started">
          <Time at={row.startedAt} />
          {row.readyAt !== null && row.attempt === 1 && (
            <span className="muted">
              {' after '}
              <Duration from={row.readyAt} to={row.startedAt} /> in the queue
            </span>
          )}
        </Fact>
      )}
      {row.startedAt !== null && (
        <Fact name={row.finishedAt === null ? 'Runs for' : 'Took'}>
          <Duration from={row.startedAt} to={row.finishedAt} />
        </Fact>
      )}
      {row.finishedAt !== null && (
        <Fact name="Ended">
          <Time at={row.finishedAt} />
        </Fact>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function NodeError({ row: { error, status } }: { readonly row: AgentRun }) {
  if (!error) return null;
  const { title, advice } = adviceFor(error.code);
  return (
    <div className={status === 'FAILED' ? 'notice red' : 'notice'}>
      <strong>{title}</strong>
      <p>{error.message}</p>
      {status === 'FAILED' && <p>{advice}</p>}
      <p className="small">
        Code <code>{error.code}</code>
      </p>
    </div>
  );
}

/** Agents made with the kit report `{message, fraction}`; others whatever they like. */
function Progress({ value }: { readonly value: unknown }) {
  const { message, fraction } = value as { message?: unknown; fraction?: unknown };
  if (typeof message !== 'string') return <code>{JSON.stringify(value)}</code>;
  return (
    <>
      {typeof fraction === 'number' && <progress value={fraction} aria-label="Progress" />} {message}
    </>
  );
}
