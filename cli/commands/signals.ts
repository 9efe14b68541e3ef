import { usageError } from '../exit-codes.ts';
import { findRun, placeOf, RUN_ARGUMENT } from '../find.ts';
import { readInput, type InputFlags } from '../run-input.ts';
import { runPath } from '../run-view/follow-run.ts';
import type { Register, Session } from '../session.ts';
import { collect, readValue } from '../values.ts';

export const registerSignals: Register = (program, { action }) => {
  program
    .command('signals')
    .description('what runs wait to hear')
    .command('send')
    .description('send a signal to a run; one that comes early is kept')
    .argument('<run>', RUN_ARGUMENT)
    .argument('<name>', 'of the signal')
    .option('-i, --input <key=value>', 'a field of its body; may be repeated', collect)
    .option('--input-file <path>', 'its body as JSON or YAML; - is stdin')
    .option('--body <json>', 'its whole body, any JSON')
    .action(action(send));
};

interface SignalFlags extends InputFlags {
  readonly body?: string;
}

async function send(session: Session, flags: SignalFlags, given: string, name: string): Promise<void> {
  const { client, out, json, world } = session;
  const fields = await readInput(flags, undefined, world);
  if (fields && flags.body !== undefined)
    throw usageError('--body is the whole body: leave --input and --input-file out');
  const place = placeOf(await findRun(client, given));
  const body = flags.body === undefined ? (fields ?? null) : readValue(flags.body);
  const path = `${runPath(place)}/signals/${encodeURIComponent(name)}`;
  const answer = await client.post<{ delivered: boolean }>(path, { body });
  if (json) out.json(answer);
  else out.line(answer.delivered ? `${name} delivered` : `${name} is kept: no node waits for it yet`);
}
