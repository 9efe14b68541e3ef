import type { IncomingMessage } from 'node:http';
import { AppError } from '../../contracts/errors.ts';
import type { BodyMode } from '../route.ts';
import { hazards, tooDeep } from './json-hazards.ts';

/** The largest body, in bytes. */
export const MOST_BODY_BYTES = 1024 * 1024;

const CONTENT_TYPES: Readonly<Record<BodyMode, RegExp>> = {
  strict: /^application\/(?:[\w.-]+\+)?json$/i,
  lenient: /^application\/(?:[\w.-]+\+)?json$/i,
  form: /^application\/(?:json|x-www-form-urlencoded)$/i,
};
const decoder = new TextDecoder('utf-8', { fatal: true });

export interface ReadBody {
  /** Undefined when the body is empty. */
  readonly value: unknown;
  readonly text: string;
}

/**
 * Reads a body once, strictly. A library would read more forms than the one that we take, and unpack compressed ones.
 * @throws AppError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INVALID_INPUT
 */
export async function readBody(request: IncomingMessage, mode: BodyMode): Promise<ReadBody> {
  refuseEncoding(request);
  const bytes = await readBytes(request);
  if (bytes.length === 0) return { value: undefined, text: '' };
  const type = contentType(request, mode);
  const text = decode(bytes);
  if (type === 'application/x-www-form-urlencoded')
    return { value: Object.fromEntries(new URLSearchParams(text)), text };
  return { value: readJson(text, mode), text };
}

/** @throws AppError UNSUPPORTED_MEDIA_TYPE */
export function refuseEncoding({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new AppError(
    'UNSUPPORTED_MEDIA_TYPE',
    'Compressed bodies are not read: send the JSON as it is, without Content-Encoding.',
  );
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // a stream that is left early would be destroyed, and the connection with it before the answer is out
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('INVALID_INPUT', 'The connection ended in the middle of the body.', { cause: error });
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function tooLarge(): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', `A body has at most ${String(MOST_BODY_BYTES)} bytes.`);
}

function contentType({ headers }: IncomingMessage, mode: BodyMode): string {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  if (!CONTENT_TYPES[mode].test(type)) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Only JSON is read: send it with "Content-Type: application/json".');
  }
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset !== undefined && !/^charset="?utf-?8"?$/i.test(charset)) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'JSON is UTF-8: leave the charset out, or say utf-8.');
  }
  return type.toLowerCase();
}

function decode(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw invalid('The body is not valid UTF-8.', error);
  }
}

/** Reads JSON that came from outside. @throws AppError INVALID_INPUT */
export function readJson(text: string, mode: BodyMode = 'strict'): unknown {
  const value = parseJson(text);
  const deep = tooDeep(value);
  if (deep !== undefined) {
    throw new AppError('INVALID_INPUT', 'The body is nested too deep.', {
      problems: [{ path: deep, message: 'Nested too deep' }],
    });
  }
  if (mode === 'lenient') return value;
  const problems = hazards(value);
  if (problems.length > 0) throw new AppError('INVALID_INPUT', 'The body holds what is not accepted.', { problems });
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const where =
      error instanceof Error
        ? (/at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0] ?? 'at its end')
        : '';
    throw invalid(`The body is not valid JSON: there is a mistake ${where}.`, error);
  }
}

function invalid(message: string, cause: unknown): AppError {
  return new AppError('INVALID_INPUT', message, { cause });
}
