import { bodyOf } from './problem.ts';

interface Answered<T> {
  readonly data?: T[];
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Every row of a list, page after page, as it is asked for.
 * @param page asks for the page behind a cursor; undefined is the first: `(cursor) => api.GET('/api/runs', {params: {query: {cursor}}})`
 * @throws CommandCenterError when the service refuses
 */
export async function* everyRow<T>(page: (cursor: string | undefined) => Promise<Answered<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const answered = await page(cursor);
    yield* await bodyOf(Promise.resolve(answered));
    cursor = cursorOf(answered.response);
  } while (cursor !== undefined);
}

/** Of the `Link` header (RFC 8288); undefined on the last page. */
function cursorOf({ headers, url }: Response): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return next === undefined ? undefined : (new URL(next, url).searchParams.get('cursor') ?? undefined);
}
