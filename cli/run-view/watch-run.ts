import type { Client } from '../client.ts';
import type { Output } from '../output.ts';
import type { RunEventWire, RunWire, WorkflowWire } from '../wire.ts';
import { createEventLines } from './event-line.ts';
import { followRun, type RunPlace } from './follow-run.ts';
import { levelsOf, type Levels } from './levels.ts';
import { createScreen } from './screen.ts';
import { createLogTails } from './tail-logs.ts';
import { treeLines } from './tree.ts';

export interface WatchOptions {
  readonly client: Client;
  readonly out: Output;
  /** One JSON document per event instead of a picture. */
  readonly json?: boolean;
}

const FRAME_MS = 100;

/** Shows a run until it has ended: drawn live in a terminal, else a line per event. Returns it as it ended. */
export function watchRun(place: RunPlace, { client, out, json = false }: WatchOptions): Promise<RunWire> {
  if (json) return followRun(client, place, { onEvent: (event) => out.line(JSON.stringify(event)) });
  return out.isLive ? watchLive(place, client, out) : watchPlain(place, client, out);
}

function watchPlain(place: RunPlace, client: Client, out: Output): Promise<RunWire> {
  const toLine = createEventLines();
  return followRun(client, place, {
    onEvent: (event: RunEventWire) => out.line(toLine(event)),
    onLost: (reason) => out.note(`connection lost, trying again: ${reason}`),
  });
}

async function watchLive(place: RunPlace, client: Client, out: Output): Promise<RunWire> {
  const levels = await readLevels(client, place);
  const tails = createLogTails(client);
  const screen = createScreen((text) => out.raw(text));
  let run: RunWire | undefined;
  let lost = '';

  const draw = (): void => {
    if (!run) return;
    const { columns, rows, colours } = out;
    const scene = { run, levels, logs: tails.last, now: Date.now(), columns, rows, colours };
    screen.draw([
      ...treeLines(scene),
      ...(lost === '' ? [] : [colours.yellow(`connection lost, trying again: ${lost}`)]),
    ]);
  };
  const timer = setInterval(draw, FRAME_MS);
  try {
    return await followRun(client, place, {
      onEvent: () => {
        lost = '';
      },
      onRun: (current) => {
        run = current;
        tails.update(current);
        draw();
      },
      onLost: (reason) => {
        lost = reason;
      },
    });
  } finally {
    clearInterval(timer);
    tails.stop();
  }
}

/** The graph of the version that the run is pinned to; a deleted workflow is drawn as a list. */
async function readLevels(client: Client, { workflow, runId }: RunPlace): Promise<Levels> {
  const path = `/api/workflows/${encodeURIComponent(workflow)}`;
  try {
    const { workflowVersion } = await client.get<RunWire>(`${path}/runs/${runId}`);
    const { definition } = await client.get<{ definition: WorkflowWire }>(`${path}/versions/${workflowVersion}`);
    return levelsOf(
      definition.nodes.map(({ id }) => id),
      definition.edges,
    );
  } catch {
    return levelsOf([], []);
  }
}
