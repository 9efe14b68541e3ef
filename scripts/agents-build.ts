// `npm run agents:build [-- --images]`: puts what the agents share (agents/kit) into each agent's folder, as dist/, so
// that the folder ships alone; with --images also builds the container images commandcenter-agent-<name>.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const AGENTS = fileURLToPath(new URL('../agents', import.meta.url));
const withImages = process.argv.includes('--images');

for (const name of readdirSync(AGENTS).filter(isAgent)) {
  const folder = join(AGENTS, name);
  await build({
    absWorkingDir: folder,
    entryPoints: ['index.ts', 'schemas.ts'],
    outdir: 'dist',
    bundle: true,
    packages: 'external', // the folder's own package.json names them
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  console.log(`built ${name}`);
  if (withImages)
    execFileSync('docker', ['build', '-t', `commandcenter-agent-${name}`, '.'], { cwd: folder, stdio: 'inherit' });
}

function isAgent(name: string): boolean {
  return ['package.json', 'schemas.ts'].every((file) => existsSync(join(AGENTS, name, file)));
}
