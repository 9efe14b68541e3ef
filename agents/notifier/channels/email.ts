import type { Input } from '../schemas.ts';
import { present } from './presentation.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for each try, so that a mailbox shows a message once that was sent twice. */
  readonly messageId: string;
}

export function composeEmail(input: Input, messageId: string): Mail {
  const { headline, colour, fields } = present(input);
  return {
    subject: headline,
    text: [input.message, '', ...fields.map(({ name, value }) => `${name}: ${value}`)].join('\n').trimEnd(),
    html: toHtml(input.message, colour, fields),
    messageId: `<${messageId.replace(/[^\w.-]/g, '-')}@commandcenter>`,
  };
}

function toHtml(message: string, colour: number, fields: readonly { name: string; value: string }[]): string {
  const line = `border-left:4px solid #${colour.toString(16).padStart(6, '0')};padding-left:12px;white-space:pre-wrap`;
  const rows = fields.map(
    ({ name, value }) => `<tr><th align="left">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<p style="${line}">${escape(message)}</p>${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
