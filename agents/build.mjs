/**
 * Makes each agent a folder that ships alone: `agents/<name>/dist/index.js` holds its code and the kit's, packages stay
 * outside and come with `npm install` in the image. Then builds the images `commandcenter-agent-<name>` where a Docker
 * daemon answers. `--bundle-only` leaves the images out; names as arguments choose agents.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

const agents = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'schemas.ts')))
  .filter((name) => asked.length === 0 || asked.includes(name));

await Promise.all(agents.map(bundle));
console.log(`Bundled ${agents.join(', ')}`);
if (!options.includes('--bundle-only')) buildImages();

function bundle(name) {
  return build({
    entryPoints: [join(folder, name, 'index.ts')],
    outfile: join(folder, name, 'dist', 'index.js'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  });
}

function buildImages() {
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) {
    console.log('No Docker daemon answers: images are not built');
    return;
  }
  for (const name of agents) {
    execFileSync('docker', ['build', '--tag', `commandcenter-agent-${name}`, '.'], {
      cwd: join(folder, name),
      stdio: 'inherit',
    });
  }
}
