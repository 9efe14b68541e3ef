import type { Input } from '../schemas.ts';
import { present } from './presentation.ts';

const CARD_COLOURS = { info: 'accent', warning: 'warning', error: 'attention', critical: 'attention' } as const;

/** An Adaptive Card, the form that Teams workflows accept (the older MessageCard is retired). */
export function composeTeams(input: Input): unknown {
  const { headline, fields } = present(input);
  const colour = input.resolved ? 'good' : CARD_COLOURS[input.severity];
  const body = [
    { type: 'TextBlock', text: headline, weight: 'bolder', size: 'large', color: colour, wrap: true },
    { type: 'TextBlock', text: input.message, wrap: true },
    { type: 'FactSet', facts: fields.map(({ name, value }) => ({ title: name, value })) },
  ];
  const content = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    body,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}
