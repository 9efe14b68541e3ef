import type { Input } from '../schemas.ts';

const LOOKS = {
  info: { emoji: 'ℹ️', colour: 0x2f81f7 },
  warning: { emoji: '⚠️', colour: 0xd29922 },
  error: { emoji: '❌', colour: 0xda3633 },
  critical: { emoji: '🚨', colour: 0x8b0000 },
} as const;
const RESOLVED = { emoji: '✅', colour: 0x2ea043 };

/** How a message looks on every channel: a headline with an emoji, a colour (RGB), its metadata as short fields. */
export function present(input: Input): { headline: string; colour: number; fields: { name: string; value: string }[] } {
  const { emoji, colour } = input.resolved ? RESOLVED : LOOKS[input.severity];
  const title = input.title ?? (input.resolved ? 'Resolved' : capitalise(input.severity));
  return { headline: `${emoji} ${title}`, colour, fields: Object.entries(input.metadata).map(toField) };
}

/** `text` cut to what a channel accepts; `limit` counts characters, the ellipsis included. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

function toField([name, value]: [string, unknown]): { name: string; value: string } {
  return { name, value: typeof value === 'string' ? value : JSON.stringify(value) };
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
