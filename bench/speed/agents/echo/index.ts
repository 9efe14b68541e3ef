import { defineAgent } from '../../../../agents/kit/index.ts';
import { InputSchema, OutputSchema } from './schemas.ts';

export default defineAgent({
  input: InputSchema,
  output: OutputSchema,
  run: ({ number, bytes }) => ({ number, text: 'x'.repeat(bytes) }),
});
