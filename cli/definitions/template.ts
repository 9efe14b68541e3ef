/** A small workflow that runs anywhere and shows the parts of a definition. */
export function newDefinition(name: string) {
  return {
    name,
    description: 'Say what this is for',
    inputSchema: {
      type: 'object',
      properties: { who: { type: 'string', default: 'world' } },
    },
    nodes: [
      { id: 'greet', transform: "'Hello ' + (has(input.who) ? input.who : 'world')" },
      {
        id: 'tell',
        agent: 'notifier',
        dependsOn: ['greet'],
        input: { channel: 'console', message: '{{ greet.output }}' },
        retry: { attempts: 3, backoff: { type: 'exponential', delayMs: 1000 } },
      },
    ],
    output: { greeting: '{{ greet.output }}' },
  };
}
