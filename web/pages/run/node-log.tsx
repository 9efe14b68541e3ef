import { useMemo, useRef, useState } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { LiveMark } from '../../components/live-mark.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useLog } from '../../live/use-log.ts';
import { setQuery, useQuery } from '../../router.tsx';
import type { AgentRun, LogLine, Run } from '../../wire.ts';
import { LogLineView } from './log-line.tsx';

/** What a finger can hit: WCAG 2.2 asks for 24. */
const LINE_HEIGHT = 24;

/** What the agent wrote to stderr, as it writes it; searched as you type, every line with an address of its own. */
export function NodeLog({ run, row }: { readonly run: Run; readonly row: AgentRun }) {
  const { lines, stream } = useLog({ workflow: run.workflowId, runId: run.id, agentRunId: row.id });
  const query = useQuery();
  const [text, setText] = useState('');
  const [following, follow] = useState(true);
  const atEnd = useRef(true);
  const attempt = query.get('attempt');
  const shown = useMemo(() => filterLines(lines, { text, attempt }), [lines, text, attempt]);
  const marked = query.get('line');
  const markedIndex = marked === null ? -1 : shown.findIndex((line) => lineId(line) === marked);
  const scrollTo =
    markedIndex >= 0
      ? markedIndex
      : following && stream.kind === 'live' && atEnd.current
        ? shown.length - 1
        : undefined;
  return (
    <div className="stack tight">
      <div className="row tight">
        <input
          className="input log-search"
          type="search"
          data-search=""
          aria-label="Search the log"
          placeholder="Search the log"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <AttemptChoice row={row} attempt={attempt} />
        <label className="row tight">
          <input type="checkbox" checked={following} onChange={({ target }) => follow(target.checked)} />
          Follow
        </label>
        <CopyButton text={shown.map((line) => line.text).join('\n')} label="Copy all" />
      </div>
      <p className="row apart small muted">
        <span role="status">
          {text === '' ? `${shown.length.toLocaleString('en')} lines` : `${shown.length} of ${lines.length} lines`}
        </span>
        <LiveMark stream={stream} />
      </p>
      {shown.length === 0 ? (
        <p className="muted">{describeEmpty({ text, stream: stream.kind })}</p>
      ) : (
        <VirtualList
          rows={shown}
          rowHeight={LINE_HEIGHT}
          height="56vh"
          label="Lines of the log"
          className="log"
          rowKey={lineId}
          scrollTo={scrollTo}
          onScroll={(element) => {
            atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < LINE_HEIGHT * 3;
          }}
        >
          {(line) => (
            <LogLineView
              line={line}
              text={text}
              marked={lineId(line) === marked}
              onMark={() => setQuery({ line: lineId(line) })}
            />
          )}
        </VirtualList>
      )}
    </div>
  );
}

function lineId({ attempt, line }: LogLine): string {
  return `${attempt}.${line}`;
}

function filterLines(
  lines: readonly LogLine[],
  { text, attempt }: { text: string; attempt: string | null },
): readonly LogLine[] {
  const wanted = text.toLowerCase();
  if (wanted === '' && attempt === null) return lines;
  return lines.filter(
    (line) => (attempt === null || line.attempt === Number(attempt)) && line.text.toLowerCase().includes(wanted),
  );
}

function describeEmpty({ text, stream }: { text: string; stream: string }): string {
  if (text !== '') return 'No line has this text.';
  return stream === 'ended'
    ? 'The agent wrote nothing to stderr.'
    : 'Nothing yet. What the agent writes to stderr appears here as it comes.';
}

function AttemptChoice({ row, attempt }: { readonly row: AgentRun; readonly attempt: string | null }) {
  if (row.attempts.length < 2) return null;
  return (
    <select
      className="input log-attempt"
      aria-label="Attempt"
      value={attempt ?? ''}
      onChange={({ target }) => setQuery({ attempt: target.value, line: null })}
    >
      <option value="">Every attempt</option>
      {row.attempts.map(({ attempt: number }) => (
        <option key={number} value={number}>
          Attempt {number}
        </option>
      ))}
    </select>
  );
}
