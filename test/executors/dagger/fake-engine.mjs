// A Dagger engine's GraphQL session, as far as the SDK's calls for one agent go: it answers queries, keeps what it was
// asked, and executes the container's last command as a process of this machine. Plain JavaScript: fake-cli.mjs starts
// it with bare `node`.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { parse, valueFromASTUntyped } = createRequire(import.meta.resolve('@dagger.io/dagger'))('graphql');
const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const SIGNALS = { SIGKILL: 9, SIGTERM: 15, SIGABRT: 6 };
const HELD_PIPES_MS = 3_000;

/**
 * @param {{ token: string, mode?: string, images?: Record<string, string[]>, onPrinted?: (line: string) => void }} options
 *   mode: `ok`, `hang` (answers nothing), `hang-in-exec` (answers nothing once a command runs), `no-image`,
 *   `install-fails`, `broken` (every query fails); images: name → command of its entry point
 */
export async function startFakeEngine({ token, mode = 'ok', images = {}, onPrinted = () => undefined }) {
  const engine = { queries: [], chains: [], secrets: [], running: new Set(), executing: false };
  const objects = new Map();
  const executions = new Set();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => void answer(request, response, JSON.parse(body).query));
  });

  async function answer(request, response, query) {
    if (request.headers.authorization !== `Basic ${Buffer.from(`${token}:`).toString('base64')}`) {
      return void response.writeHead(401).end('unauthorized');
    }
    engine.queries.push(query.trim().replace(/\s+/g, ' '));
    if (mode === 'hang' || (mode === 'hang-in-exec' && engine.executing)) return;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const chain = chainOf(query);
    const result = await resolve(chain, gone.signal).then(
      (value) => ({ data: nest(chain, value) }),
      (error) => ({ data: null, errors: [{ message: error.message, extensions: error.extensions }] }),
    );
    if (!response.destroyed)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }

  async function resolve(chain, signal) {
    if (mode === 'broken') throw new Error('the engine is out of order');
    const leaf = chain.at(-1).name;
    if (leaf === 'version') return 'v0.0.0-fake';
    if (leaf === 'export') return chain.at(-1).args.path;
    if (leaf === 'id') return remember(chain.slice(0, -1));
    if (leaf === 'sync') return remember([{ name: 'done', args: await execute(chain.slice(0, -1), signal) }]);
    if (chain[0].name === 'node') return objects.get(chain[0].args.id)[0].args[leaf];
    throw new Error(`the fake engine knows no ${leaf}`);
  }

  function remember(chain) {
    const id = `object-${objects.size + 1}`;
    objects.set(id, chain);
    if (chain.at(-1).name === 'setSecret') engine.secrets.push(chain.at(-1).args);
    return id;
  }

  function execute(chain, signal) {
    engine.chains.push(chain.map(({ name, args }) => ({ name, args: withObjects(args) })));
    const last = chain.findLast(({ name }) => name === 'withExec');
    const image = chain.find(({ name }) => name === 'from').args.address;
    if (mode === 'no-image')
      throw new Error(`failed to resolve image ${image}: pull access denied, repository does not exist`);
    if (mode === 'install-fails')
      throw execError(['npm', 'install'], 1, '', 'npm error code E404\nnpm error 404 no such package');
    if (!last || last.args.args[0] === 'npm') return { exitCode: 0, stdout: '', stderr: '' };
    engine.executing = true;
    const execution = runCommand(chain, last, images[image], signal).finally(() => {
      engine.executing = false;
      executions.delete(execution);
    });
    executions.add(execution);
    return execution;
  }

  function withObjects(args) {
    return Object.fromEntries(
      Object.entries(args).map(([key, value]) => [key, objects.get(value)?.at(-1).args ?? value]),
    );
  }

  async function runCommand(chain, { args: exec }, entrypoint, signal) {
    const root = mkdtempSync(join(tmpdir(), 'fake-container-'));
    try {
      const [file, ...args] = [...(exec.useEntrypoint ? (entrypoint ?? []) : []), ...exec.args].map((arg) =>
        locate(arg, root, chain),
      );
      writeFiles(chain, root);
      const child = spawn(file === 'node' ? process.execPath : file, args, {
        cwd: root,
        env: environment(chain),
        detached: true,
      });
      engine.running.add(child.pid);
      signal.addEventListener('abort', () => kill(child));
      child.stdin.on('error', () => undefined).end(exec.stdin ?? '');
      const output = await collect(child);
      engine.running.delete(child.pid);
      kill(child);
      if (output.exitCode >= 128 && output.exitCode <= 191)
        throw execError(exec.args, output.exitCode, output.stdout, output.stderr);
      return output;
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }

  function environment(chain) {
    const plain = chain.filter(({ name }) => name === 'withEnvVariable').map(({ args }) => [args.name, args.value]);
    const secret = chain
      .filter(({ name }) => name === 'withSecretVariable')
      .map(({ args }) => [args.name, objects.get(args.secret).at(-1).args.plaintext]);
    return { PATH: process.env.PATH, HOME: '/root', ...Object.fromEntries([...plain, ...secret]) };
  }

  /** Where a path of the container's /agent lies here: written by a call, or in the folder that was mounted. */
  function locate(path, root, chain) {
    if (!path.startsWith('/agent/')) return path;
    if (chain.some(({ name, args }) => name === 'withNewFile' && args.path === path)) return join(root, path);
    const { source } = chain.findLast(({ name, args }) => name === 'withDirectory' && args.path === '/agent').args;
    return join(objects.get(source).at(-1).args.path, path.slice('/agent/'.length));
  }

  async function collect(child) {
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (chunk) => {
        output[name] += chunk;
        for (const line of chunk.split('\n').filter(Boolean)) onPrinted(line);
      });
    }
    const exitCode = await new Promise((settle) => {
      // what it printed has been read when its pipes close; a grandchild may hold them open
      const end = (code, signalName) => settle(code ?? 128 + (SIGNALS[signalName] ?? 1));
      child.once('close', end);
      child.once('exit', (code, signalName) => setTimeout(() => end(code, signalName), HELD_PIPES_MS).unref());
    });
    return { exitCode, ...output };
  }

  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    ...engine,
    port: server.address().port,
    stop: async () => {
      for (const pid of engine.running) kill({ pid });
      await Promise.allSettled(executions);
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}

function chainOf(query) {
  const chain = [];
  let [selection] = parse(query).definitions[0].selectionSet.selections;
  while (selection) {
    if (selection.kind === 'Field') {
      const args = Object.fromEntries(
        selection.arguments.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
      );
      chain.push({ name: selection.name.value, args });
    }
    selection = selection.selectionSet?.selections[0];
  }
  return chain;
}

function nest(chain, value) {
  return chain.reduceRight((inner, { name }) => ({ [name]: inner }), value);
}

function writeFiles(chain, root) {
  for (const { args } of chain.filter(({ name }) => name === 'withNewFile')) {
    mkdirSync(dirname(join(root, args.path)), { recursive: true });
    writeFileSync(join(root, args.path), args.contents);
  }
  mkdirSync(join(root, 'agent'), { recursive: true });
  symlinkSync(NODE_MODULES, join(root, 'agent/node_modules'));
}

function execError(cmd, exitCode, stdout, stderr) {
  const extensions = { _type: 'EXEC_ERROR', cmd, exitCode, stdout, stderr };
  return Object.assign(new Error(`process "${cmd.join(' ')}" did not complete successfully: exit code: ${exitCode}`), {
    extensions,
  });
}

function kill({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
