import { z } from 'zod';

/** How resources are named in paths. */
export const uuid = z.uuid('Must be a UUID');
export const idOrName = z
  .string()
  .regex(/^(?:[a-z][a-z0-9-]{0,62}|[0-9a-fA-F-]{36})$/, 'Must be an id or a name')
  .describe('Id or name');
export const time = z.iso.datetime();
export const timeParameter = z.iso
  .datetime({ offset: true, error: 'Must be a time like 2030-01-01T00:00:00Z' })
  .transform((text) => new Date(text))
  // Postgres knows no year 0, and writes those after 9999 otherwise than JavaScript
  .refine((date) => date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9_999, 'Must be in the years 1 to 9999')
  .meta({ type: 'string', format: 'date-time' });
