import type { Operation, FuzzRequest } from './request.ts';
import type { FuzzAnswer } from './send.ts';

/** What an address without an operation may answer: nothing there, another method, not allowed, not readable. */
const WITHOUT_OPERATION: ReadonlySet<number> = new Set([200, 304, 400, 401, 403, 404, 405, 414, 431]);
const PAGES = /^\/(?:decide|login)\//;
const PROBLEM_TYPE = 'application/problem+json';
/** A stack frame, SQL, a server's address or an inner path. */
const INSIDE = /\n\s+at |node_modules|\.ts:\d+|\bSELECT .{1,80} FROM\b|\bINSERT INTO\b|postgres(?:ql)?:\/\/|redis:\/\//;

/** What is wrong with an answer, or undefined. */
export function judge(operation: Operation | undefined, { path }: FuzzRequest, answer: FuzzAnswer): string | undefined {
  const { status, text } = answer;
  const allowed = operation?.statuses ?? WITHOUT_OPERATION;
  // nothing is away while we fuzz but NATS, which this subject runs without: no other 503 is the truth
  if (status >= 500 && !(status === 503 && path.startsWith('/health'))) return `answered ${status}`;
  if (!allowed.has(status)) return `answered ${status}, which ${operation?.id ?? 'no route'} does not document`;
  if (status < 400 || path.startsWith('/health')) return undefined;
  return problemWith(answer, path) ?? (INSIDE.test(text) ? 'shows something of the inside' : undefined);
}

/** Browsers get the login page instead of a problem, and people who follow a link get a page. */
function problemWith({ status, contentType, text }: FuzzAnswer, path: string): string | undefined {
  const isPage = contentType.startsWith('text/html');
  if (isPage && (status === 401 || PAGES.test(path))) return undefined;
  if (contentType !== PROBLEM_TYPE) return `answered ${status} as ${contentType || 'nothing'} instead of a problem`;
  const problem = JSON.parse(text) as Record<string, unknown>;
  const isWhole = ['title', 'detail', 'code', 'requestId'].every((field) => typeof problem[field] === 'string');
  return isWhole && problem.status === status ? undefined : 'answered a problem that lacks a field';
}
