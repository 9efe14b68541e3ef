import { StringDecoder } from 'node:string_decoder';

const CENSOR = '***';
/** Shorter values would blank ordinary words. */
const MIN_SECRET_LENGTH = 4;
/** A secret inside a longer base64 text leaves at least this many characters that are its own alone. */
const MIN_INNER_BASE64_LENGTH = 8;

export interface Masker {
  /** The text with every known secret, in every form, replaced by `***`. */
  mask(text: string): string;
  /** A masker for text that arrives in pieces: a secret cut by the border of two pieces is still found. */
  pieces(): MaskedPieces;
}

export interface MaskedPieces {
  /** Takes the next piece (bytes are UTF-8, whose characters may be cut too); returns what is safe to show so far. */
  push(piece: string | Uint8Array): string;
  /** Returns what was held back, when no more follows. */
  end(): string;
}

/** Finds these secrets as they are, JSON-escaped, URL-encoded and base64, alone or inside a longer base64 text. */
export function createMasker(secrets: readonly string[]): Masker {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH).flatMap(formsOf))];
  forms.sort((a, b) => b.length - a.length);
  const pattern = forms.length > 0 ? new RegExp(forms.map(escapeForRegExp).join('|'), 'g') : undefined;
  if (!pattern) return { mask: (text) => text, pieces: () => maskedPieces({ forms, pattern: /(?!)/g }) };
  return { mask: (text) => text.replace(pattern, CENSOR), pieces: () => maskedPieces({ forms, pattern }) };
}

/** A masker that hears of secrets while it is in use: those of the database, of servers that were just brought up. */
export interface GrowingMasker extends Pick<Masker, 'mask'> {
  add(secrets: readonly string[]): void;
}

export function createGrowingMasker(secrets: readonly string[]): GrowingMasker {
  const known = new Set(secrets);
  let masker = createMasker(secrets);
  return {
    mask: (text) => masker.mask(text),
    add(more) {
      const before = known.size;
      for (const secret of more) known.add(secret);
      if (known.size > before) masker = createMasker([...known]);
    },
  };
}

interface Known {
  /** Longest first. */
  readonly forms: readonly string[];
  readonly pattern: RegExp;
}

function maskedPieces(known: Known): MaskedPieces {
  const decoder = new StringDecoder('utf8');
  let held = '';
  return {
    push(piece) {
      const text = held + (typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece)));
      const safe = safeLength(text, known);
      held = text.slice(safe);
      return text.slice(0, safe).replace(known.pattern, CENSOR);
    },
    end() {
      const rest = (held + decoder.end()).replace(known.pattern, CENSOR);
      held = '';
      return rest;
    },
  };
}

/** Up to where the text can be shown: neither inside a secret nor inside what may become one (`abab` ends in `ab`). */
function safeLength(text: string, { forms, pattern }: Known): number {
  const cut = text.length - unfinishedLength(text, forms);
  for (const { index, 0: match } of text.matchAll(pattern)) {
    if (index < cut && index + match.length > cut) return index;
  }
  return cut;
}

/** How many characters at the end of the text may be the beginning of a secret. */
function unfinishedLength(text: string, forms: readonly string[]): number {
  const longest = Math.min(text.length, (forms[0]?.length ?? 1) - 1);
  for (let length = longest; length > 0; length -= 1) {
    const tail = text.slice(-length);
    if (forms.some((form) => form.startsWith(tail))) return length;
  }
  return 0;
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encoded, encoded.replaceAll('%20', '+')];
  const lowerCased = encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [...plain, lowerCased, ...base64Forms(secret)];
}

function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const inner = [0, 1, 2]
    .map((offset) => innerBase64(bytes, offset))
    .filter((form) => form.length >= MIN_INNER_BASE64_LENGTH);
  const forms = [whole, ...inner];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** The base64 characters that depend on the secret alone, when `offset` bytes (modulo 3) stand before it. */
function innerBase64(secret: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), secret]).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + secret.length) * 8) / 6);
  return text.slice(first, end);
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
