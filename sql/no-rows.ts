import { z } from 'zod';

/** The row type of statements that return none; one for all, because making a zod schema costs more than many a statement. */
export const NO_ROWS = z.object({});
