import { sql } from 'slonik';
import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';

const eventRow = mended(
  'event',
  z.object({
    sequence: z.number(),
    type: z.string(),
    data: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
    createdAt: z.date(),
  }),
);
export type EventRow = z.output<typeof eventRow>;

/** A run's events after `sequence`, in order. */
export function listEventsAfter(
  db: Queryable,
  runId: string,
  sequence: number,
  limit: number,
): Promise<readonly EventRow[]> {
  return db.any(sql.type(eventRow)`
    SELECT sequence, type, data, "createdAt" FROM "Event"
    WHERE "runId" = ${runId} AND sequence > ${sequence} ORDER BY sequence LIMIT ${limit}`);
}

const outbox = z.object({ pending: z.number(), lagSeconds: z.number() });

/** How many events are stored and not published, and the age of the oldest in seconds (0 where there is none). */
export function measureOutbox(db: Queryable): Promise<z.output<typeof outbox>> {
  return db.one(sql.type(outbox)`
    SELECT count(*)::integer AS pending, coalesce(extract(epoch FROM now() - min("createdAt")), 0)::double precision AS "lagSeconds"
    FROM "Event" WHERE "publishedAt" IS NULL`);
}
