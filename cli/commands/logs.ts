import type { Client } from '../client.ts';
import { usageError } from '../exit-codes.ts';
import { findRun, placeOf, RUN_ARGUMENT } from '../find.ts';
import { oneLine, type Output } from '../output.ts';
import { followRun, runPath, type RunPlace } from '../run-view/follow-run.ts';
import { readLogLine } from '../run-view/tail-logs.ts';
import type { Register, Session } from '../session.ts';
import { suggest } from '../suggest.ts';
import { wholeNumber } from '../values.ts';
import type { AgentRunWire, LogLineWire, RunWire } from '../wire.ts';

export const registerLogs: Register = (runs, { action }) => {
  runs
    .command('logs')
    .description('what the agents of a run said')
    .argument('<run>', RUN_ARGUMENT)
    .argument('[node]', 'of one node')
    .option('-f, --follow', 'go on until the run has ended')
    .option('--attempt <number>', 'of one attempt', wholeNumber('--attempt'))
    .action(action(logs));
};

interface LogFlags {
  readonly follow?: boolean;
  readonly attempt?: number;
}

type Print = (node: AgentRunWire, line: LogLineWire) => void;

async function logs(
  { client, out, json }: Session,
  { follow, attempt }: LogFlags,
  given: string,
  nodeId?: string,
): Promise<void> {
  const place = placeOf(await findRun(client, given));
  const run = await client.get<RunWire>(runPath(place));
  const isWanted = wantedNodes(run, nodeId);
  const print: Print = json ? (node, line) => out.line(asJson(node, line)) : printer(out, run);
  if (follow) {
    await followAll(client, place, { isWanted, attempt, print });
    return;
  }
  for (const node of run.agentRuns.filter(isWanted)) {
    const lines = await client.list<LogLineWire>(logPath(place, node), { attempt });
    for (const line of lines) print(node, line);
  }
}

function wantedNodes({ agentRuns }: RunWire, nodeId: string | undefined): (node: AgentRunWire) => boolean {
  if (nodeId === undefined) return ({ kind }) => kind === 'agent';
  const known = agentRuns.map((node) => node.nodeId);
  if (known.includes(nodeId)) return (node) => node.nodeId === nodeId;
  const meant = suggest(nodeId, known);
  throw usageError(`The run has no node ${nodeId}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`);
}

function logPath(place: RunPlace, { id }: AgentRunWire): string {
  return `${runPath(place)}/agent-runs/${id}/logs`;
}

interface Following {
  readonly isWanted: (node: AgentRunWire) => boolean;
  readonly attempt: number | undefined;
  readonly print: Print;
}

/** A stream for each node as it starts: those that wait hold no connection. */
async function followAll(client: Client, place: RunPlace, { isWanted, attempt, print }: Following): Promise<void> {
  const streams = new Map<string, Promise<void>>();
  const open = async (node: AgentRunWire): Promise<void> => {
    const query = attempt === undefined ? '' : `&attempt=${attempt}`;
    for await (const { data } of client.events(`${logPath(place, node)}?follow=1${query}`)) {
      print(node, JSON.parse(data) as LogLineWire);
    }
  };
  await followRun(client, place, {
    onRun({ agentRuns }) {
      for (const node of agentRuns.filter(isWanted)) {
        if (node.startedAt !== null && !streams.has(node.id)) streams.set(node.id, open(node));
      }
    },
  });
  await Promise.all(streams.values());
}

function asJson(node: AgentRunWire, line: LogLineWire): string {
  return JSON.stringify({ nodeId: node.nodeId, itemIndex: node.itemIndex, ...line });
}

function printer({ line: write, colours }: Output, { agentRuns }: RunWire): Print {
  const width = Math.max(0, ...agentRuns.map(({ nodeId }) => nodeId.length));
  return ({ nodeId, itemIndex }, { at, attempt, text }) => {
    const who = `${nodeId}${itemIndex === null ? '' : `[${itemIndex}]`}`.padEnd(width);
    const again = attempt > 1 ? ` (attempt ${attempt})` : '';
    write(`${colours.dim(at.slice(11, 19))} ${colours.cyan(who)}${again}  ${readable(text)}`);
  };
}

/** A line of an agent made with the kit as its message and, after it, the other fields. */
function readable(text: string): string {
  const { text: message } = readLogLine(text);
  if (message === oneLine(text)) return message;
  const { msg: _message, level, ...fields } = JSON.parse(text) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    ...(level === 'info' || level === undefined ? [] : [JSON.stringify(level).replaceAll('"', '').toUpperCase()]),
    message,
    ...rest,
  ].join(' ');
}
