import { z } from 'zod';
import { secretNameSchema } from '../flows/names.ts';
import type { AgentManifest } from './executors/executor.ts';

/** What is not said, or not in the form that it should have, is what gives an agent least. */
const manifestSchema = z.object({
  network: z.boolean().catch(false),
  workspace: z.enum(['read', 'write', 'none']).catch('none'),
  workspaceFields: z.array(z.string()).catch(['repositoryPath']),
  secrets: z.array(secretNameSchema).catch([]),
  pool: z.string().nullable().catch(null),
  timeoutSeconds: z.number().positive().nullable().catch(null),
  maxConcurrent: z.int().min(1).nullable().catch(null),
});

/** The manifest of an agent that was registered through the API: a column that holds whatever was sent, or written by hand. */
export function readManifest(stored: unknown): AgentManifest {
  const { pool, timeoutSeconds, maxConcurrent, ...rest } = manifestSchema.parse(isObject(stored) ? stored : {});
  return {
    riskLevel: 'AUTO',
    ...rest,
    ...(pool !== null && { pool }),
    ...(timeoutSeconds !== null && { timeoutSeconds }),
    ...(maxConcurrent !== null && { maxConcurrent }),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
