import { defineAgent } from '../kit/index.ts';
import { patch } from './patch.ts';
import { InputSchema, OutputSchema } from './schemas.ts';

export default defineAgent({ input: InputSchema, output: OutputSchema, run: patch });
