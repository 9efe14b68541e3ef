import { resolve } from 'node:path';
import { findAgentFolder } from '../agents/find-folder.ts';
import { registerFolder } from '../agents/register-folder.ts';
import { hasPackage, testAgent } from '../agents/test-agent.ts';
import { writeAgent } from '../agents/write-agent.ts';
import { CliError, EXIT, usageError, type ExitCode } from '../exit-codes.ts';
import { clip, oneLine } from '../output.ts';
import type { Register, Session } from '../session.ts';
import { suggest } from '../suggest.ts';
import { parseDocument, readSource, type JsonRecord } from '../values.ts';
import type { AgentWire } from '../wire.ts';

export const registerAgents: Register = (program, { action }) => {
  const agents = program.command('agents').description('what nodes run');
  agents.command('list').description('the registered agents').action(action(list));
  agents.command('get').description('an agent with its schemas').argument('<name>', 'name or id').action(action(get));
  agents
    .command('register')
    .description('register an agent that is an image; or check that an agent of a folder can be and is registered')
    .argument('<agent>', 'JSON or YAML with name, version, image, inputSchema, …; - is stdin; or the name of a folder')
    .option('--dir <folder>', 'where agents are', 'agents')
    .addHelpText('after', '\nThe service registers the folders in its AGENTS_DIR by itself when it starts.\n')
    .action(action(register));
  agents
    .command('new')
    .description('make the folder of a working agent, with its test')
    .argument('<name>')
    .option('--dir <folder>', 'where it goes', 'agents')
    .addHelpText('after', '\nExamples:\n  commandcenter agents new greeter && commandcenter agents test greeter\n')
    .action(action(create));
  agents
    .command('test')
    .description('run an agent here with its example input, then its tests')
    .argument('<name>', 'of a folder with an agent, or its path')
    .option('--dir <folder>', 'where agents are', 'agents')
    .option('--input-file <path>', 'another input, as JSON or YAML; - is stdin')
    .action(action(test));
};

async function list({ client, out, json }: Session): Promise<void> {
  const agents = await client.list<AgentWire>('/api/agents');
  if (json) {
    out.json(agents);
    return;
  }
  const rows = [...agents]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ name, version, riskLevel, source, pausedAt, description }) => [
      name,
      version,
      pausedAt === null ? riskLevel : 'PAUSED',
      source,
      clip(oneLine(description ?? ''), 80),
    ]);
  out.table(['name', 'version', 'risk', 'from', 'does'], rows);
}

async function get({ client, out }: Session, _: unknown, name: string): Promise<void> {
  out.json(await findAgent(client, name));
}

async function findAgent(client: Session['client'], name: string): Promise<AgentWire> {
  try {
    return await client.get<AgentWire>(`/api/agents/${encodeURIComponent(name)}`);
  } catch (error) {
    if (!(error instanceof CliError && error.status === 404)) throw error;
    const known = (await client.list<AgentWire>('/api/agents')).map((agent) => agent.name);
    const meant = suggest(name, known);
    throw new CliError(EXIT.usage, `${error.message}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`, error);
  }
}

async function register(session: Session, { dir }: { dir: string }, name: string): Promise<void> {
  const { client, out, json, world } = session;
  const folder = await findAgentFolder(name, dir, world.cwd);
  const agent = folder === undefined ? await registerImage(session, name) : await registerFolder(folder, client);
  if (json) out.json(agent);
  else out.line(`${agent.name} ${agent.version} ${folder === undefined ? 'registered' : 'is registered'}`);
}

async function registerImage({ client, world }: Session, file: string): Promise<AgentWire> {
  const body = parseDocument(await readSource(file, world), file) as JsonRecord | null;
  if (typeof body?.name !== 'string') throw usageError(`${file} names no agent: it needs "name"`);
  const { name } = body;
  const known = await client.list<AgentWire>('/api/agents');
  return known.some((one) => one.name === name)
    ? client.put<AgentWire>(`/api/agents/${name}`, { body })
    : client.post<AgentWire>('/api/agents', { body });
}

async function create({ out, json, world }: Session, { dir }: { dir: string }, name: string): Promise<void> {
  const { folder, files } = await writeAgent(name, dir, world.cwd);
  if (json) {
    out.json({ folder, files });
    return;
  }
  out.line(folder);
  for (const file of files) out.line(`  ${file}`);
  if (!hasPackage(resolve(world.cwd, folder), 'zod')) out.line(`First: cd ${folder} && npm install`);
  const where = dir === 'agents' ? '' : ` --dir ${dir}`;
  out.line(`Next: commandcenter agents test ${name}${where}`);
  out.line(
    `Then: start the service with AGENTS_DIR=${resolve(world.cwd, dir)}; commandcenter agents register ${name}${where} says when it has it.`,
  );
}

async function test(session: Session, flags: { dir: string; inputFile?: string }, name: string): Promise<ExitCode> {
  const { out, json, world } = session;
  const input =
    flags.inputFile === undefined
      ? undefined
      : parseDocument(await readSource(flags.inputFile, world), flags.inputFile);
  const { ran, tests } = await testAgent({ name, dir: flags.dir, input, world });
  const ok = ran.exitCode === 0 && tests.every(({ exitCode }) => exitCode === 0);
  if (json) {
    out.json({ ok, ran, tests });
    return ok ? EXIT.ok : EXIT.failed;
  }
  if (ran.stderr !== '') out.note(out.colours.dim(ran.stderr.trimEnd()));
  out.line(
    ran.exitCode === 0 ? ran.stdout.trimEnd() : out.colours.red(`${name} ended with exit code ${String(ran.exitCode)}`),
  );
  for (const { file, exitCode, stdout, stderr } of tests) {
    out.line(exitCode === 0 ? out.colours.green(`✓ ${file}`) : `${out.colours.red(`✗ ${file}`)}\n${stdout}${stderr}`);
  }
  return ok ? EXIT.ok : EXIT.failed;
}
