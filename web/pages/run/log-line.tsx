import { timeStyle, usePreference } from '../../session/preferences.ts';
import { formatClock } from '../../time/format.ts';
import type { LogLine } from '../../wire.ts';

interface Props {
  readonly line: LogLine;
  /** What is searched for: marked in the line. */
  readonly text: string;
  readonly marked: boolean;
  readonly onMark: () => void;
}

export function LogLineView({ line, text, marked, onMark }: Props) {
  const zone = usePreference(timeStyle) === 'utc' ? 'utc' : 'local';
  return (
    <div className="log-line" data-marked={marked ? '' : undefined}>
      <button
        type="button"
        className="log-number"
        onClick={onMark}
        aria-label={`Link to line ${line.line} of attempt ${line.attempt}`}
      >
        {formatClock(Date.parse(line.at), zone)}
      </button>
      <span>
        <Marked line={line.text} text={text} />
      </span>
    </div>
  );
}

function Marked({ line, text }: { readonly line: string; readonly text: string }) {
  const at = text === '' ? -1 : line.toLowerCase().indexOf(text.toLowerCase());
  if (at === -1) return line;
  return (
    <>
      {line.slice(0, at)}
      <mark>{line.slice(at, at + text.length)}</mark>
      {line.slice(at + text.length)}
    </>
  );
}
