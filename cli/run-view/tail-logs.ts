import type { Client } from '../client.ts';
import { oneLine } from '../output.ts';
import type { AgentRunWire, LogLineWire, RunWire } from '../wire.ts';
import { runPath } from './follow-run.ts';

/** What an agent said last. */
export interface LastLine {
  readonly text: string;
  /** 0…1, where the agent tells it. */
  readonly progress: number | undefined;
}

/** Follows the logs of the agents that run, for their last line and their progress. */
export interface LogTails {
  readonly last: ReadonlyMap<string, LastLine>;
  /** Starts and ends tails to match the run. */
  update(run: RunWire): void;
  stop(): void;
}

/** Connections at the same time; a wide map shows the logs of its first items. */
const MOST_TAILS = 8;

export function createLogTails(client: Client): LogTails {
  const last = new Map<string, LastLine>();
  const tails = new Map<string, AbortController>();

  async function tail(run: RunWire, agentRunId: string, signal: AbortSignal): Promise<void> {
    const path = `${runPath({ workflow: run.workflowId, runId: run.id })}/agent-runs/${agentRunId}/logs?follow=1`;
    try {
      for await (const { data } of client.events(path, { signal })) {
        last.set(agentRunId, readLogLine((JSON.parse(data) as LogLineWire).text, last.get(agentRunId)));
      }
    } catch {
      // the picture goes on without this node's last line
    }
  }

  return {
    last,
    update(run) {
      const running = new Set(run.agentRuns.filter(hasLog).map(({ id }) => id));
      for (const [id, controller] of tails) if (!running.has(id)) end(id, controller);
      for (const id of running) {
        if (tails.has(id) || tails.size >= MOST_TAILS) continue;
        const controller = new AbortController();
        tails.set(id, controller);
        void tail(run, id, controller.signal);
      }
    },
    stop() {
      for (const [id, controller] of tails) end(id, controller);
    },
  };

  function end(id: string, controller: AbortController): void {
    controller.abort();
    tails.delete(id);
  }
}

function hasLog({ kind, status, waitingFor }: AgentRunWire): boolean {
  return kind === 'agent' && status === 'RUNNING' && waitingFor === null;
}

/** Agents of the kit write JSON lines; whatever else one writes is shown as it is. */
export function readLogLine(text: string, before?: LastLine): LastLine {
  const line = asObject(text);
  if (!line || typeof line.msg !== 'string') return { text: oneLine(text), progress: before?.progress };
  return {
    text: oneLine(line.msg),
    progress: typeof line.progress === 'number' ? line.progress : before?.progress,
  };
}

function asObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
