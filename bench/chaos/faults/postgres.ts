import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { withClient } from '../history/read-postgres.ts';
import type { Fault, Stage } from './fault.ts';
import { insist } from './insist.ts';

export const postgresCrash: Fault = {
  name: 'postgres-crash',
  every: [5, 10],
  async strike({ rig, random }) {
    await rig.servers.postgres.crash();
    await delay(random.between(0, 2000));
    await rig.servers.postgres.start();
  },
};

const SQUATTER = 'squatter';
const END_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE pid <> pg_backend_pid() AND application_name <> '${SQUATTER}'`;

/** Every backend ends; the server stays. */
export const connectionsEnd: Fault = {
  name: 'postgres-connections',
  every: [2, 5],
  strike: (stage) => tell(stage, END_OTHERS),
};

/** Others have every connection there is: the service loses its own and gets no new one. */
export const connectionsFull: Fault = {
  name: 'postgres-full',
  every: [8, 15],
  async strike(stage) {
    const taken: Client[] = [];
    try {
      await takeAll(stage, taken);
      await taken[0]?.query(END_OTHERS);
      await takeAll(stage, taken);
      await delay(stage.random.between(1000, 5000));
    } finally {
      await Promise.all(taken.map((client) => client.end().catch(() => undefined)));
    }
  },
};

/** Until the first refusal: also those that the server keeps for superusers, as the service is one here. */
async function takeAll({ rig }: Stage, taken: Client[]): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: rig.servers.databaseUrl, application_name: SQUATTER });
    client.on('error', () => undefined);
    try {
      await client.connect();
      taken.push(client);
    } catch {
      return;
    }
  }
}

/** As after a failover to a replica, or with a full disk: every statement that writes is refused. */
export const readOnly: Fault = {
  name: 'postgres-read-only',
  every: [8, 15],
  async strike(stage) {
    try {
      await setReadOnly(stage, true);
      await delay(stage.random.between(500, 3000));
    } finally {
      await insist(() => setReadOnly(stage, false));
    }
  },
};

async function setReadOnly(stage: Stage, on: boolean): Promise<void> {
  await tell(
    stage,
    'SET default_transaction_read_only = off',
    `ALTER SYSTEM SET default_transaction_read_only = ${on ? 'on' : 'off'}`,
    'SELECT pg_reload_conf()',
  );
}

/** One by one: several at once are one transaction, in which ALTER SYSTEM is refused. */
async function tell({ rig }: Stage, ...statements: readonly string[]): Promise<void> {
  await withClient(rig.servers.databaseUrl, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}
