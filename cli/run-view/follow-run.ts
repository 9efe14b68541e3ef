import { setTimeout as delay } from 'node:timers/promises';
import { TERMINAL_EVENTS } from '../../contracts/events.ts';
import { isTerminal } from '../../contracts/statuses.ts';
import type { Client } from '../client.ts';
import { CliError, EXIT } from '../exit-codes.ts';
import type { RunEventWire, RunWire } from '../wire.ts';

/** Where a run is found. */
export interface RunPlace {
  readonly workflow: string;
  readonly runId: string;
}

export interface FollowOptions {
  /** Each event of the run, in order, from the first on. */
  readonly onEvent?: (event: RunEventWire) => void;
  /** The run with its nodes, as of now; at most a few times a second. */
  readonly onRun?: (run: RunWire) => void;
  /** The stream broke and is asked for again. */
  readonly onLost?: (reason: string) => void;
}

const BETWEEN_LOOKS_MS = 150;
const BETWEEN_ATTEMPTS_MS = 500;
const GIVE_UP_AFTER_MS = 60_000;

export const runPath = ({ workflow, runId }: RunPlace): string =>
  `/api/workflows/${encodeURIComponent(workflow)}/runs/${runId}`;

/**
 * Follows a run to its end through its event stream, which is resumed where it broke.
 * @returns the run as it ended
 * @throws CliError unreachable when the service stays away for a minute
 */
export async function followRun(client: Client, place: RunPlace, options: FollowOptions = {}): Promise<RunWire> {
  const look = createLook(client, place, options.onRun);
  let lastEventId: string | undefined;
  let aliveAt = performance.now();
  for (;;) {
    try {
      for await (const { id, data } of client.events(`${runPath(place)}/events`, { lastEventId })) {
        aliveAt = performance.now();
        lastEventId = id;
        const event = JSON.parse(data) as RunEventWire;
        options.onEvent?.(event);
        look.soon();
        if (TERMINAL_EVENTS.has(event.type)) return await look.last();
      }
    } catch (error) {
      if (!isPassing(error) || performance.now() - aliveAt > GIVE_UP_AFTER_MS) throw error;
      options.onLost?.(error instanceof Error ? error.message : String(error));
    }
    await delay(BETWEEN_ATTEMPTS_MS);
    const run = await look.last().catch(() => undefined);
    if (run && isTerminal(run.status) && lastEventId !== undefined) return run;
  }
}

/** What is wrong with a request stays wrong; a connection or a restarting service comes back. */
function isPassing(error: unknown): boolean {
  return !(error instanceof CliError) || error.exitCode === EXIT.unreachable;
}

/** Reads the run after events, not once for each of them. */
function createLook(client: Client, place: RunPlace, onRun: FollowOptions['onRun']) {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> = Promise.resolve();

  async function read(): Promise<RunWire> {
    const run = await client.get<RunWire>(runPath(place));
    onRun?.(run);
    return run;
  }

  return {
    soon() {
      if (!onRun) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        looking = looking.then(read).catch(() => undefined);
      }, BETWEEN_LOOKS_MS);
    },
    async last(): Promise<RunWire> {
      clearTimeout(timer);
      timer = undefined;
      await looking;
      return read();
    },
  };
}
