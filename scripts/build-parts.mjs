// How each part of the build is made: the server by esbuild, the console by vite.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import * as esbuild from 'esbuild';

/** Files of the server that the compiler does not carry over, to the same place under dist/. */
const ASSETS = /\.(sql|lua|html|css|svg|json)$/;
/** With the one part of the agents' kit that the API uses. */
const ROOMS = ['api', 'cli', 'contracts', 'flows', 'platform', 'sql', 'workers', 'agents/kit/http'];

/**
 * Compiles the server into dist/, file by file. Types are checked by `npm run typecheck`, not here: a first start takes
 * a tenth of the time (217 modules: 0.3 s, tsc 3.4 s), and an installation without development packages can build.
 */
export async function buildServer(root) {
  const modules = (await Promise.all(ROOMS.map((room) => listModules(root, room)))).flat();
  if (existsSync(join(root, 'main.ts'))) modules.push('main.ts');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: modules,
    outbase: '.',
    outdir: 'dist',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    bundle: true,
    treeShaking: false,
    plugins: [{ name: 'one-file-each', setup: keepImports }],
    logLevel: 'warning',
  });
  await Promise.all(ROOMS.map((room) => copyAssets(join(root, room), join(root, 'dist', room))));
  await Promise.all(ROOMS.map((room) => prune(join(root, 'dist', room), join(root, room))));
}

/** Bundling is what rewrites imports in esbuild; with every import kept out, each module stays a file of its own. */
function keepImports(build) {
  build.onResolve({ filter: /.*/ }, ({ kind, path }) => {
    if (kind === 'entry-point') return undefined;
    return { path: path.startsWith('.') ? path.replace(/\.ts$/, '.js') : path, external: true };
  });
}

async function listModules(root, room) {
  const names = await readdir(join(root, room), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(room, name));
}

/** The page of the API's documentation; a development package, so that an installation for production lacks it. */
const API_REFERENCE = 'node_modules/@scalar/api-reference/dist/browser/standalone.js';

/** Bundles the console into dist/web, and puts the script of the API's documentation beside it. */
export async function buildWeb(root) {
  if (!existsSync(join(root, 'web', 'vite.config.ts'))) return;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await run(root, [vite, 'build', 'web', '--logLevel', 'warn', '--outDir', join(root, 'dist', 'web'), '--emptyOutDir']);
  await cp(join(root, API_REFERENCE), join(root, 'dist', 'web', 'scalar.js'));
  await compressFiles(join(root, 'dist', 'web'));
}

const COMPRESSIBLE = /\.(html|js|css|svg|json|webmanifest)$/;
/** Below this the answer's headers are longer than what would be saved. */
const LEAST_BYTES = 1_000;
/** The highest quality takes 9 s for the 3.6 MB of the API's documentation and saves 3 % more. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Puts `x.js.br` and `x.js.gz` beside each `x.js`, so that the service never compresses while it answers. */
async function compressFiles(folder) {
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.filter((name) => COMPRESSIBLE.test(name)).map((name) => compressFile(join(folder, name))));
}

async function compressFile(path) {
  const content = await readFile(path);
  if (content.length < LEAST_BYTES) return;
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, BROTLI),
    promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}

async function copyAssets(from, to) {
  for (const entry of await list(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory() && entry.name !== 'node_modules') await copyAssets(source, target);
    else if (entry.isFile() && ASSETS.test(entry.name)) {
      await mkdir(to, { recursive: true });
      await cp(source, target);
    }
  }
}

/** Removes from dist/ what has no source any more: a migration or module that was renamed must not linger. */
async function prune(folder, sources) {
  const known = new Set((await list(sources)).map((entry) => entry.name));
  for (const entry of await list(folder)) {
    const source = entry.name.replace(/\.js(\.map)?$/, '.ts');
    if (!known.has(source) && !known.has(entry.name)) await rm(join(folder, entry.name), { recursive: true });
    else if (entry.isDirectory()) await prune(join(folder, entry.name), join(sources, entry.name));
  }
}

const list = (folder) => readdir(folder, { withFileTypes: true }).catch(() => []);

function run(cwd, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`The build failed: ${args.slice(0, 3).join(' ')} ended with ${signal ?? `exit code ${code}`}.`),
        );
    });
  });
}
