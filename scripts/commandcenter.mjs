#!/usr/bin/env node
// The `commandcenter` binary.
import { runEntry } from './run.mjs';

await runEntry('cli/cli.js', process.argv.slice(2));
