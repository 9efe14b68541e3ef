import { defineAgent } from '../kit/index.ts';
import { InputSchema, OutputSchema, type Input, type Output } from './schemas.ts';

export default defineAgent<Input, Output>({
  input: InputSchema,
  output: OutputSchema,
  // loaded when there is something to do: the client takes half a second
  run: async (input, context) => (await import('./act.ts')).act(input, context),
});
