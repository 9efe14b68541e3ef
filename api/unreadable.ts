import { z } from 'zod';
import type { Mended } from '../sql/mended.ts';

/** In the wire schema of whatever is shown from a row that may be malformed. */
export const unreadableField = {
  unreadable: z
    .array(z.string())
    .optional()
    .describe('Only where the stored row is malformed: the columns that could not be read, shown empty, and why'),
};

/** The field of a row that was mended; nothing for all others. */
export function unreadableNote({ unreadable }: Mended): Mended {
  return unreadable === undefined ? {} : { unreadable };
}
