import { defineAgent } from '../kit/index.ts';
import { check } from './check.ts';
import { InputSchema, OutputSchema } from './schemas.ts';

export default defineAgent({ input: InputSchema, output: OutputSchema, run: check });
