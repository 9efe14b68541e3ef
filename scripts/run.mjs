// `node scripts/run.mjs <entry in dist/> [arguments]`: runs a compiled entry in this very process (so that signals
// reach it), after making the build if it is missing or stale.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuild } from './ensure-build.mjs';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** @param {string} entry path under dist/ @param {string[]} args what the entry sees as its arguments */
export async function runEntry(entry, args) {
  try {
    await ensureBuild();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, join(DIST, entry), ...args];
  await import(pathToFileURL(join(DIST, entry)).href);
}

const [, script, entry, ...args] = process.argv;
if (script === fileURLToPath(import.meta.url)) await runEntry(entry, args);
