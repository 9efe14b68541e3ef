import { Client } from 'pg';
import { loadConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/log.ts';
import { resolveServices } from '../../platform/services.ts';
import { readConnectionUrl } from '../../sql/connection-url.ts';
import { CliError, EXIT } from '../exit-codes.ts';

/**
 * Runs `work` with the URL of the service's database: `given`, else DATABASE_URL, else the one that `npm start` keeps in
 * DATA_DIR, brought up for as long as this takes where the service does not run.
 */
export async function withServiceDatabase<T>(
  given: string | undefined,
  env: NodeJS.ProcessEnv,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const configured = given ?? (env.DATABASE_URL || undefined);
  if (configured !== undefined) return work(readConnectionUrl(configured).url);
  const { databaseUrl, services } = await resolveServices(loadConfig(env), createLogger({ level: 'error' }));
  try {
    return await work(databaseUrl);
  } finally {
    await Promise.all(services.map((service) => service.stop(10_000)));
  }
}

/** @throws CliError when the database cannot be reached */
export async function withConnection<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'commandcenter-backup',
    connectionTimeoutMillis: 5000,
  });
  try {
    await client.connect();
  } catch (error) {
    throw new CliError(EXIT.unreachable, `The database cannot be reached: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Rows by table of the schema `public`. */
export async function countRows(client: Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const answer = await client.query<{ count: string }>(
      `SELECT count(*) FROM public.${client.escapeIdentifier(name)}`,
    );
    counts[name] = Number(answer.rows[0]?.count);
  }
  return counts;
}
