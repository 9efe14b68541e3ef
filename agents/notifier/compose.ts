import { composeDiscord } from './channels/discord.ts';
import { composeSlack } from './channels/slack.ts';
import { composeTeams } from './channels/teams.ts';
import { composeWebhook } from './channels/webhook.ts';
import type { Input } from './schemas.ts';

const COMPOSERS = {
  slack: composeSlack,
  discord: composeDiscord,
  teams: composeTeams,
  webhook: composeWebhook,
} satisfies Record<string, (input: Input, messageId: string) => unknown>;

/** The body that `channel` wants for this message. */
export function compose(channel: keyof typeof COMPOSERS, input: Input, messageId: string): unknown {
  return COMPOSERS[channel](input, messageId);
}
