import type { Input } from '../schemas.ts';
import { cut, present } from './presentation.ts';

/** Discord refuses the whole message above these. */
const DESCRIPTION_LIMIT = 4096;
const TITLE_LIMIT = 256;
const FIELD_LIMIT = 1024;
const FIELDS = 25;
/** Over title, description and fields of all embeds. */
const TOTAL_LIMIT = 6000;

/** One embed; mentions in the text are shown and ping nobody. */
export function composeDiscord(input: Input): unknown {
  const { headline, colour, fields } = present(input);
  const title = cut(headline, TITLE_LIMIT);
  const description = cut(input.message, DESCRIPTION_LIMIT);
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      { title, description, color: colour, fields: fit(fields, TOTAL_LIMIT - title.length - description.length) },
    ],
  };
}

function fit(fields: readonly { name: string; value: string }[], room: number): unknown[] {
  const fitting: unknown[] = [];
  let left = room;
  for (const field of fields.slice(0, FIELDS)) {
    const name = cut(field.name || '-', TITLE_LIMIT);
    const value = cut(field.value || '-', FIELD_LIMIT);
    left -= name.length + value.length;
    if (left < 0) break;
    fitting.push({ name, value, inline: true });
  }
  return fitting;
}
