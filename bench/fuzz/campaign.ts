import fc from 'fast-check';
import { routes } from '../../api/routes.ts';
import { judge } from './judge.ts';
import { documentedOperations, operationAt } from './operations.ts';
import { requestTo, type FuzzRequest, type Known, type Operation } from './request.ts';
import { send } from './send.ts';

export interface Campaign {
  readonly url: string;
  /** Of an admin. */
  readonly token: string;
  readonly seed: number;
  /** How many requests each operation gets. */
  readonly perOperation: number;
  readonly known: Known;
  /** No further requests after this many milliseconds. */
  readonly deadlineMs: number;
}

export interface Finding {
  readonly operation: string;
  readonly wrong: string;
  readonly request: string;
}

export interface CampaignResult {
  readonly sent: number;
  readonly findings: readonly Finding[];
  /** How often each operation was asked. */
  readonly byOperation: ReadonlyMap<string, number>;
  readonly byStatus: ReadonlyMap<number, number>;
}

const AT_ONCE = 6;

/** What would end the campaign itself: its own token goes, or the service closes for it. */
const SPARED = new Set(['logout', 'login']);

/** Sends seeded requests to every operation, in turns, and judges each answer. The same seed sends the same. */
export async function runCampaign(campaign: Campaign): Promise<CampaignResult> {
  const { operations, components } = documentedOperations(routes);
  const queue = interleave(
    operations.map((operation, index) => ({
      operation,
      requests: fc.sample(requestTo(operation, components, campaign.known), {
        seed: campaign.seed + index,
        numRuns: campaign.perOperation,
      }),
    })),
  );
  const result = {
    sent: 0,
    findings: [] as Finding[],
    byOperation: new Map<string, number>(),
    byStatus: new Map<number, number>(),
  };
  const until = performance.now() + campaign.deadlineMs;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next && performance.now() < until; next = queue.shift()) {
      const { operation, request } = next;
      const wrong = await ask(campaign, operations, withToken(request, campaign.token, operation), result.byStatus);
      result.sent += 1;
      result.byOperation.set(operation.id, (result.byOperation.get(operation.id) ?? 0) + 1);
      if (wrong !== undefined) result.findings.push({ operation: operation.id, wrong, request: shown(request) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return result;
}

async function ask(
  { url }: Campaign,
  operations: readonly Operation[],
  request: FuzzRequest,
  byStatus: Map<number, number>,
): Promise<string | undefined> {
  try {
    const answer = await send(url, request);
    byStatus.set(answer.status, (byStatus.get(answer.status) ?? 0) + 1);
    return judge(operationAt(operations, request.method, request.path), request, answer);
  } catch (error) {
    return `gave no answer: ${(error as Error).message}`;
  }
}

function withToken(request: FuzzRequest, token: string, { id }: Operation): FuzzRequest {
  if (SPARED.has(id)) return request;
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

interface Planned {
  readonly operation: Operation;
  readonly request: FuzzRequest;
}

/** One request of each operation after the other: what one breaks, the next one meets. */
function interleave(plans: readonly { operation: Operation; requests: readonly FuzzRequest[] }[]): Planned[] {
  const rounds = Math.max(...plans.map(({ requests }) => requests.length));
  return Array.from({ length: rounds }, (_, round) =>
    plans.flatMap(({ operation, requests }) => {
      const request = requests[round];
      return request ? [{ operation, request }] : [];
    }),
  ).flat();
}

function shown({ method, path, headers, body }: FuzzRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)} ${JSON.stringify((body ?? '').toString('utf8')).slice(0, 2_000)}`;
}
