// `npm run agents:warm [-- NAME…]`: has the Dagger engine pull the images and install the packages of the agents in
// AGENTS_DIR, so that their first runs do not wait for that. Ends with 1 and the reason when it cannot.
import { loadConfig } from '../platform/config.ts';
import { createLogger } from '../platform/log.ts';
import { describeAgents } from '../workers/agents/describe.ts';
import { DaggerExecutor } from '../workers/executors/dagger.ts';

const wanted = process.argv.slice(2);
const { agentsDir, dataDir } = loadConfig(process.env);
const { registered } = await describeAgents(agentsDir, dataDir);
const agents = registered.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const unknown = wanted.filter((name) => !agents.some((agent) => agent.name === name));

if (unknown.length > 0) fail(`There is no agent ${unknown.join(', ')} in ${agentsDir}`);
else await warm();

async function warm(): Promise<void> {
  const log = createLogger({ level: 'warn', stream: process.stderr }).child({ component: 'DaggerExecutor' });
  const executor = new DaggerExecutor({ log, env: process.env, cacheDir: dataDir });
  await executor.start();
  try {
    await executor.warm(agents);
    console.log(`warm: ${agents.map(({ name }) => name).join(', ')}`);
  } catch (error) {
    fail((error as Error).message);
  } finally {
    await executor.stop(0);
  }
}

function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
