import { useId, useRef } from 'react';

export interface LineProblem {
  readonly line: number;
  readonly message: string;
}

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly problems: readonly LineProblem[];
}

const LINE_HEIGHT = 20;
const PADDING = 16;

/** Text with line numbers, and its problems beside it: each leads to its line. */
export function CodeEditor({ text, onText, problems }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const lines = text.split('\n').length;
  const bad = new Set(problems.map(({ line }) => line));
  const goTo = (line: number): void => {
    const start =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, endOfLine(text, start));
    area.current?.parentElement?.scrollTo({ top: (line - 4) * LINE_HEIGHT });
  };
  return (
    <div className="editor">
      <div className="editor-text">
        <div className="editor-lines" aria-hidden="true">
          {Array.from({ length: lines }, (_, index) => (
            <div key={index} data-problem={bad.has(index + 1) ? '' : undefined}>
              {bad.has(index + 1) ? '✕ ' : ''}
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={area}
          aria-label="Definition, JSON or YAML"
          aria-invalid={problems.length > 0}
          aria-describedby={id}
          spellCheck={false}
          autoComplete="off"
          value={text}
          style={{ height: lines * LINE_HEIGHT + PADDING + LINE_HEIGHT }}
          onChange={({ target }) => onText(target.value)}
        />
      </div>
      <section aria-label="Problems" id={id}>
        <h2>
          {problems.length === 0
            ? 'No problems'
            : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`}
        </h2>
        <ul className="stack tight" aria-live="polite">
          {problems.map(({ line, message }) => (
            <li key={`${line} ${message}`}>
              <button type="button" className="problem-button" onClick={() => goTo(line)}>
                <strong>Line {line}</strong> {message}
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}
