import type { Json } from '../../contracts/json.ts';

/** What a NATS message says: JSON where it is some, else text. */
export function readData(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
