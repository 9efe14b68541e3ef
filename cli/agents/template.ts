/**
 * The files of a new agent: one that greets, to be changed into one that works.
 * @param kit the path from its folder to agents/kit/index.ts
 */
export function agentFiles(name: string, kit: string): Readonly<Record<string, string>> {
  return {
    'package.json': `${JSON.stringify(packageJson(name), null, 2)}\n`,
    'schemas.ts': SCHEMAS,
    'index.ts': index(kit),
    'index.test.ts': TEST,
    'example-input.json': '{ "name": "Ada" }\n',
    'README.md': readme(name),
    Dockerfile: DOCKERFILE,
    '.npmrc': 'loglevel=silent\n',
    '.dockerignore': 'node_modules\n*.ts\n*.md\n*.map\n',
  };
}

function packageJson(name: string) {
  return {
    name: `@commandcenter/agent-${name}`,
    version: '0.1.0',
    private: true,
    description: 'Greets: say here what it does.',
    type: 'module',
    scripts: { start: 'node --import tsx index.ts' },
    dependencies: { zod: '4.6.7' },
    commandcenter: { riskLevel: 'AUTO', network: false, workspace: 'none', timeoutSeconds: 60 },
  };
}

const SCHEMAS = `import { z } from 'zod';

export const InputSchema = z.strictObject({ name: z.string().min(1) });
export const OutputSchema = z.object({ greeting: z.string() });

export type Input = z.output<typeof InputSchema>;
export type Output = z.output<typeof OutputSchema>;
`;

function index(kit: string): string {
  return `import { defineAgent, type AgentContext } from '${kit}';
import { InputSchema, OutputSchema, type Input, type Output } from './schemas.ts';

export default defineAgent({ input: InputSchema, output: OutputSchema, run: greet });

function greet({ name }: Input, { log, progress }: AgentContext): Output {
  log.info('Greeting', { name });
  progress(0.5, 'half way');
  return { greeting: \`Hello \${name}\` };
}
`;
}

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

process.env.COMMANDCENTER_WARM = '1'; // load the agent, run nothing yet
const { default: agent } = await import('./index.ts');

async function run(input: unknown) {
  const lines: string[] = [];
  const notes: string[] = [];
  const exitCode = await agent.main({
    argument: JSON.stringify(input),
    env: {},
    signal: new AbortController().signal,
    output: {
      line: (text) => void lines.push(text),
      note: (text) => void notes.push(text),
      flush: () => Promise.resolve(),
    },
  });
  return { exitCode, lines, notes: notes.join('') };
}

test('greets by name', async () => {
  const { exitCode, lines } = await run({ name: 'Ada' });
  assert.equal(exitCode, 0);
  assert.deepEqual(lines.map((line) => JSON.parse(line) as unknown), [{ greeting: 'Hello Ada' }]);
});

test('refuses an input without a name', async () => {
  const { exitCode, notes } = await run({});
  assert.equal(exitCode, 1);
  assert.match(notes, /Zod validation failed/);
});
`;

function readme(name: string): string {
  return `# ${name}

Greets: say here what it does, what it needs and what it gives back.

\`\`\`sh
npm start '{"name":"Ada"}' | jq .        # run it by hand
npx commandcenter agents test ${name}    # run its example and its tests
\`\`\`
`;
}

const DOCKERFILE = `# Code and kit are one file, dist/index.js, made by \`npm run agents:build\` at the root.
FROM node:20.20.2-alpine AS packages
WORKDIR /agent
COPY package.json .npmrc ./
RUN npm install --omit=dev --ignore-scripts --no-audit --no-fund --no-package-lock

FROM node:20.20.2-alpine
WORKDIR /agent
ENV NODE_ENV=production
COPY --from=packages /agent/node_modules ./node_modules
COPY package.json ./
COPY dist/index.js ./dist/index.js
USER node
ENTRYPOINT ["node", "/agent/dist/index.js"]
`;
