import { setTimeout as delay } from 'node:timers/promises';
import { withClient } from '../history/read-postgres.ts';
import type { Fault, Stage } from './fault.ts';

export const postgresCrash: Fault = {
  name: 'postgres-crash',
  every: [5, 10],
  async strike({ rig, random }) {
    await rig.servers.postgres.crash();
    await delay(random.between(0, 2000));
    await rig.servers.postgres.start();
  },
};

/** Every backend ends; the server stays. */
export const connectionsEnd: Fault = {
  name: 'postgres-connections',
  every: [2, 5],
  strike: (stage) =>
    tell(stage, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
};

export const readOnly: Fault = {
  name: 'postgres-read-only',
  every: [8, 15],
  async strike(stage) {
    await setReadOnly(stage, true);
    await delay(stage.random.between(500, 3000));
    await setReadOnly(stage, false);
  },
};

async function setReadOnly(stage: Stage, on: boolean): Promise<void> {
  await tell(
    stage,
    `SET transaction_read_only = off; ALTER SYSTEM SET default_transaction_read_only = ${on ? 'on' : 'off'}`,
  );
  await tell(stage, 'SELECT pg_reload_conf()');
}

async function tell({ rig }: Stage, statement: string): Promise<void> {
  await withClient(rig.servers.databaseUrl, (client) => client.query(statement)).catch(() => undefined);
}
