import { readFile } from 'node:fs/promises';
import { dirname, extname, isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { builtinModules } from 'node:module';
import { within } from '../../platform/deadline.ts';
import {
  build,
  stop,
  transform,
  type BuildOptions,
  type BuildResult,
  type Loader,
  type OnResolveArgs,
  type OnResolveResult,
  type Plugin,
  type PluginBuild,
} from 'esbuild';

/**
 * `absolute`: packages are imported from where they lie on this machine, so the bundle can lie anywhere.
 * `bare`: they are imported by name, for a bundle that is put beside their `node_modules` (a container).
 */
export type PackageImports = 'absolute' | 'bare';

export interface Bundle {
  readonly code: string;
  /** Absolute paths of the files that went into it. */
  readonly sources: readonly string[];
  /** Absolute paths of the packages' files that it imports; empty where they are imported by name. */
  readonly packages: readonly string[];
}

const OWN_RESOLUTION = Symbol('resolved by esbuild');
const COMPILED = /\.(?:[cm]?js|json|node)$/;
/** What a source says about its own place; the bundle lies elsewhere. */
const PLACE_WORDS = /import\.meta\.(?:url|dirname|filename|resolve)|__dirname|__filename|require\.main/;
const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

/**
 * Bundles a TypeScript or JavaScript module with its relative imports into one ES module, packages left outside.
 * Sources keep knowing where they lie (`import.meta.url`, `__dirname`, `process.argv[1]`). Writes nothing.
 * @param options.answersMs how long a compiler may take before another one is asked
 * @throws esbuild's failure, whose message lists each problem with file and line; Error when no compiler answers
 */
export async function bundle(
  entry: string,
  packages: PackageImports,
  { answersMs = COMPILER_ANSWERS_MS }: { readonly answersMs?: number } = {},
): Promise<Bundle> {
  const { outputFiles, metafile } = await compile(answersMs, {
    entryPoints: [entry],
    absWorkingDir: dirname(entry),
    bundle: true,
    write: false,
    metafile: true,
    outfile: 'entry.mjs',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Node knows no `module` condition, which esbuild would add
    conditions: [],
    logLevel: 'silent',
    banner: { js: banner(entry, packages) },
    plugins: [packagesOutside(packages), ...(packages === 'absolute' ? [placesKept(entry)] : [])],
  });
  const [output] = Object.values(metafile.outputs);
  return {
    code: outputFiles[0]?.text ?? '',
    sources: Object.keys(metafile.inputs).map((path) => fileURLToPath(new URL(path, pathToFileURL(entry)))),
    packages: (output?.imports ?? []).flatMap(({ path }) => packagePath(path)),
  };
}

function packagePath(path: string): string[] {
  if (path.startsWith('file:')) return [fileURLToPath(path)];
  return isAbsolute(path) ? [path] : [];
}

/** What nobody has used for this long, the compiler's own process, is ended. */
const COMPILER_IDLE_MS = 1_000;
let compiling = 0;

type InMemory = BuildOptions & { write: false; metafile: true };

/** Longer than compiling takes on a busy machine. Whoever waits for a compiler that was stopped under it waits for ever. */
const COMPILER_ANSWERS_MS = 30_000;
const MOST_COMPILERS = 2;

/** @throws Error when two compilers, one after the other, do not answer */
async function compile(answersMs: number, options: InMemory): Promise<BuildResult<InMemory>> {
  compiling += 1;
  try {
    for (let compiler = 1; compiler <= MOST_COMPILERS; compiler++) {
      const built = await within(answersMs, build<InMemory>(options));
      if (!built.late) return built.value;
      await stop();
    }
    throw new Error(`The compiler (esbuild) did not answer within ${String(answersMs / 1000)} s, twice`);
  } finally {
    compiling -= 1;
    setTimeout(() => void (compiling === 0 && stop()), COMPILER_IDLE_MS).unref();
  }
}

/** `require` for sources written for CommonJS, and the program's own name where scripts compare it with theirs. */
function banner(entry: string, packages: PackageImports): string {
  const here = packages === 'absolute' ? JSON.stringify(pathToFileURL(entry).href) : 'import.meta.url';
  const lines = [
    `import { createRequire as commandcenterRequire } from 'node:module';`,
    `const require = commandcenterRequire(${here});`,
  ];
  if (packages === 'absolute') {
    lines.push(
      `import { pathToFileURL as commandcenterUrl } from 'node:url';`,
      `const commandcenterResolve = (name) => commandcenterUrl(require.resolve(name)).href;`,
      `process.argv[1] = ${JSON.stringify(entry)};`,
    );
  }
  return lines.join('\n');
}

function packagesOutside(packages: PackageImports): Plugin {
  return {
    name: 'packages-outside',
    setup(context) {
      context.onResolve({ filter: /^[^./]/ }, (args) => resolvePackage(context, args, packages));
    },
  };
}

async function resolvePackage(
  context: PluginBuild,
  args: OnResolveArgs,
  packages: PackageImports,
): Promise<OnResolveResult | undefined> {
  if (args.kind === 'entry-point' || args.pluginData === OWN_RESOLUTION) return undefined;
  if (args.path.startsWith('node:') || builtinModules.includes(args.path)) return { path: args.path, external: true };
  const { importer, resolveDir, kind } = args;
  const found = await context.resolve(args.path, { importer, resolveDir, kind, pluginData: OWN_RESOLUTION });
  if (found.errors.length > 0)
    return packages === 'bare' ? { path: args.path, external: true } : { errors: found.errors };
  // a package of sources (a workspace, a path alias) is compiled with the agent
  if (!COMPILED.test(found.path)) return undefined;
  if (packages === 'bare') return { path: args.path, external: true };
  return { path: kind.startsWith('require') ? found.path : pathToFileURL(found.path).href, external: true };
}

function placesKept(entry: string): Plugin {
  return {
    name: 'places-kept',
    setup(context) {
      context.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!PLACE_WORDS.test(source)) return undefined;
        const loader = LOADERS[extname(path)] ?? 'js';
        const { code } = await transform(source, { loader, sourcefile: path, define: placeOf(path, path === entry) });
        return { contents: code, loader: 'js', resolveDir: dirname(path) };
      });
    },
  };
}

function placeOf(path: string, isEntry: boolean): Record<string, string> {
  const [file, folder] = [JSON.stringify(path), JSON.stringify(dirname(path))];
  return {
    'import.meta.url': JSON.stringify(pathToFileURL(path).href),
    'import.meta.filename': file,
    'import.meta.dirname': folder,
    'import.meta.resolve': 'commandcenterResolve',
    __filename: file,
    __dirname: folder,
    ...(isEntry ? { 'require.main': 'module' } : {}),
  };
}
