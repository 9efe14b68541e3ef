import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallerAnswer } from '../history/history.ts';
import type { Rig } from '../rig/rig.ts';
import { createClient, type Client } from './client.ts';
import type { Definition } from './definitions.ts';

/** Somebody who uses the service and writes down what it was told. */
export interface Caller {
  readonly client: Client;
  define(definition: Definition): Promise<void>;
  /** Starts a run; asks again with the same key until there is an answer. @returns the run's id */
  trigger(workflow: string, key: string): Promise<string>;
  alert(name: string): Promise<void>;
}

interface Accepted {
  readonly workflowRunId: string;
}

export function createCaller(rig: Rig): Caller {
  const client = createClient(rig);
  const note = (answer: Omit<CallerAnswer, 'at'>) => {
    appendFileSync(answersOf(rig), `${JSON.stringify({ at: Date.now(), ...answer })}\n`);
  };
  return {
    client,
    async define(definition) {
      const { status, body } = await client.insist('/api/workflows', definition);
      // 409: the answer to an earlier attempt was lost
      if (status !== 201 && status !== 409) throw new Error(`${definition.name}: ${status} ${JSON.stringify(body)}`);
    },
    async trigger(workflow, key) {
      const path = `/api/workflows/${workflow}/trigger`;
      const input = { journal: rig.journal, number: key.length };
      const { status, body } = await client.insist<Accepted>(path, { input }, { 'idempotency-key': key });
      note({ kind: 'trigger', key, status, runId: body.workflowRunId });
      if (status >= 300) throw new Error(`Key ${key} was answered with ${status}: ${JSON.stringify(body)}`);
      return body.workflowRunId;
    },
    async alert(name) {
      const body = { alerts: [{ labels: { alertname: name, severity: 'warning' } }] };
      const { status } = await client.post('/api/webhooks/alertmanager', body);
      note({ kind: 'alert', key: name, status });
    },
  };
}

export function answersOf(rig: Rig): string {
  return join(rig.folder, 'answers.jsonl');
}
