import { defineAgent } from '../kit/index.ts';
import { scan } from './scan.ts';
import { InputSchema, OutputSchema } from './schemas.ts';

export default defineAgent({ input: InputSchema, output: OutputSchema, run: scan });
