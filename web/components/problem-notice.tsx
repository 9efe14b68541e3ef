import { ApiProblem } from '../api-client.ts';

interface Props {
  readonly error: Error;
  readonly retry?: (() => void) | undefined;
  /** Problems that are shown elsewhere, beside their fields. */
  readonly withoutProblems?: boolean;
}

/** What went wrong, where, and what to do about it. */
export function ProblemNotice({ error, retry, withoutProblems = false }: Props) {
  const problems = error instanceof ApiProblem && !withoutProblems ? error.problems : [];
  return (
    <div className="notice red" role="alert">
      <strong>{error instanceof ApiProblem ? error.title : 'No answer'}</strong>
      <p>{error.message}</p>
      {problems.length > 0 && (
        <ul className="stack tight">
          {problems.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {error instanceof ApiProblem && error.status === 401 && (
        <p>
          Your session has ended: <a href="/login">log in again</a>.
        </p>
      )}
      {retry && (
        <div>
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
}
