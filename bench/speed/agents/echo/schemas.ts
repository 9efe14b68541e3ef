import { z } from 'zod';

export const InputSchema = z.strictObject({ number: z.number(), bytes: z.number().default(0) });
export const OutputSchema = z.strictObject({ number: z.number(), text: z.string() });
