import type { Input } from '../schemas.ts';
import { cut, present } from './presentation.ts';

/** Slack refuses the whole message above these. */
const SECTION_LIMIT = 3000;
const HEADER_LIMIT = 150;
const FIELD_LIMIT = 2000;
const FIELDS_PER_SECTION = 10;
const FIELD_SECTIONS = 4;

/** Block Kit message; `text` is what notifications and screen readers show. */
export function composeSlack(input: Input): unknown {
  const { headline, fields } = present(input);
  return {
    text: cut(`${headline}: ${escape(input.message)}`, SECTION_LIMIT),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline, HEADER_LIMIT), emoji: true } },
      { type: 'section', text: { type: 'mrkdwn', text: cut(escape(input.message), SECTION_LIMIT) } },
      ...fieldSections(fields),
    ],
  };
}

function fieldSections(fields: readonly { name: string; value: string }[]): unknown[] {
  const shown = fields.slice(0, FIELDS_PER_SECTION * FIELD_SECTIONS).map(({ name, value }) => ({
    type: 'mrkdwn',
    text: cut(`*${escape(name)}*\n${escape(value)}`, FIELD_LIMIT),
  }));
  const sections: unknown[] = [];
  for (let from = 0; from < shown.length; from += FIELDS_PER_SECTION) {
    sections.push({ type: 'section', fields: shown.slice(from, from + FIELDS_PER_SECTION) });
  }
  return sections;
}

/** The three characters that Slack gives a meaning: with them, `<!channel>` in a message would ping everybody. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
