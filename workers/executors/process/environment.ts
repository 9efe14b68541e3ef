import type { ExecutionRequest } from '../executor.ts';

export type Environment = Readonly<Record<string, string>>;

/** What agents inherit of the server's environment; nothing else of it reaches them. */
const INHERITED = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const;

/** Who runs it and for which attempt: what orphans are found by (sweep.ts). */
export const WORKER_VARIABLE = 'COMMANDCENTER_WORKER';
export const RUN_VARIABLE = 'COMMANDCENTER_RUN';

/** What is known before the attempt is: a process can be started with it ahead of time. */
export function baseEnvironment(server: NodeJS.ProcessEnv, folder: string, workerId: string): Environment {
  const inherited = INHERITED.flatMap((name) => {
    const value = server[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...Object.fromEntries(inherited),
    HOME: folder,
    TMPDIR: folder,
    [WORKER_VARIABLE]: workerId,
  };
}

/** What the contract promises an agent about its attempt, and the secrets it asked for. */
export function attemptEnvironment(request: ExecutionRequest): Environment {
  return {
    ...request.secrets,
    RUN_ID: request.runId,
    NODE_ID: request.nodeId,
    ATTEMPT: String(request.attempt),
    IDEMPOTENCY_KEY: request.idempotencyKey,
    ...(request.traceparent === undefined ? {} : { TRACEPARENT: request.traceparent }),
    [RUN_VARIABLE]: labelOf(request),
  };
}

/** The attempt's label, see ExecutionRequest. */
export function labelOf({ label, runId, nodeId, attempt }: ExecutionRequest): string {
  return label ?? `${runId}.${nodeId}.${attempt}`;
}
