import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';
import { suggest, type Known } from './suggestions.ts';
import './editor.css';

export interface LineProblem {
  readonly line: number;
  readonly message: string;
}

interface Props {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly problems: readonly LineProblem[];
  /** For completion; it may come later than the text. */
  readonly known: Known | undefined;
}

/** An editor for JSON and YAML: completion from the schema (Ctrl-Space), each problem at its line and in the list. */
export function CodeEditor({ text, onText, problems, known }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const current = useRef({ onText, known });
  current.current = { onText, known };

  useEffect(() => {
    if (!host.current) return undefined;
    const created = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          basicSetup,
          yaml(),
          syntaxHighlighting(classHighlighter),
          lintGutter(),
          autocompletion({ override: [(context) => complete(context, current.current.known)] }),
          EditorView.contentAttributes.of({ 'aria-label': 'Definition, JSON or YAML', tabindex: '0' }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) current.current.onText(state.doc.toString());
          }),
        ],
      }),
    });
    view.current = created;
    return () => created.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor)
      editor.dispatch(
        setDiagnostics(
          editor.state,
          problems.map((problem) => diagnosticOf(editor, problem)),
        ),
      );
  }, [problems, text]);

  const goTo = (number: number): void => {
    const editor = view.current;
    if (!editor) return;
    const { from, to } = lineOf(editor, number);
    editor.dispatch({ selection: { anchor: to, head: from }, scrollIntoView: true });
    editor.focus();
  };
  return (
    <div className="editor">
      <div className="editor-text" ref={host} />
      <ProblemList problems={problems} onChoose={goTo} />
    </div>
  );
}

function ProblemList({ problems, onChoose }: Pick<Props, 'problems'> & { readonly onChoose: (line: number) => void }) {
  return (
    <section aria-label="Problems">
      <h2>
        {problems.length === 0 ? 'No problems' : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`}
      </h2>
      <ul className="stack tight" aria-live="polite">
        {problems.map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            <button type="button" className="problem-button" onClick={() => onChoose(line)}>
              <strong>Line {line}</strong> {message}
            </button>
          </li>
        ))}
      </ul>
      <p className="small muted">
        <kbd>Ctrl</kbd> <kbd>Space</kbd> shows what may stand at the cursor.
      </p>
    </section>
  );
}

function complete({ state, pos, explicit }: CompletionContext, known: Known | undefined): CompletionResult | null {
  const suggestions = known && suggest(state.doc.toString(), pos, known);
  // unasked only while a word is being typed: a list at every blank would be in the way
  if (!suggestions || (!explicit && suggestions.from === pos)) return null;
  const { from, to, list } = suggestions;
  return {
    from,
    to,
    filter: false,
    options: list
      .filter(({ label }) => fits(label, state.sliceDoc(from, pos)))
      .map(({ label, text, kind, detail, info }) => ({
        ...{ label, apply: text, type: kind, detail },
        ...(info !== '' && { info }),
      })),
  };
}

function fits(label: string, typed: string): boolean {
  return label.toLowerCase().includes(typed.replace('"', '').toLowerCase());
}

function lineOf({ state: { doc } }: EditorView, number: number) {
  return doc.line(Math.min(Math.max(1, number), doc.lines));
}

function diagnosticOf(editor: EditorView, { line, message }: LineProblem): Diagnostic {
  const { from, to, text } = lineOf(editor, line);
  return { from: from + (text.length - text.trimStart().length), to, severity: 'error', message };
}
