/**
 * The process that waits for one agent to run. Started with the path of a kit-made module it loads that at once; with
 * none it imports the agent's program when told which. It says `ready` on descriptor 3, reads one order from it (a line
 * of JSON, see WarmOrder), closes it, and from there on is indistinguishable from `node <entry> <argument>`.
 * At the end of descriptor 3 without an order (its worker is gone) it exits.
 */
import { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { WarmOrder } from './warm-order.ts';

interface WarmAgent {
  main(invocation: { argument: string; env: NodeJS.ProcessEnv; signal: AbortSignal }): Promise<number>;
}

const ORDERS_DESCRIPTOR = 3;

const preloadPath = process.argv[2];
const preloaded =
  preloadPath === undefined ? undefined : ((await import(pathToFileURL(preloadPath).href)) as { default: WarmAgent });
delete process.env.COMMANDCENTER_WARM;
const order = await readOrder();
process.argv.splice(1, process.argv.length, order.entry, order.argument);
Object.assign(process.env, order.env);
if (preloaded) await runPreloaded(preloaded.default, order.argument);
else await import(pathToFileURL(order.entry).href);

function readOrder(): Promise<WarmOrder> {
  return new Promise((resolve) => {
    const orders = new Socket({ fd: ORDERS_DESCRIPTOR });
    let text = '';
    orders.setEncoding('utf8');
    orders.on('data', (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      orders.removeAllListeners('close');
      orders.once('close', () => {
        resolve(JSON.parse(text) as WarmOrder);
      });
      orders.destroy();
    });
    orders.on('error', () => undefined);
    orders.on('close', () => process.exit(0));
    orders.write('ready');
  });
}

async function runPreloaded(agent: WarmAgent, argument: string): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      stop.abort(new Error(`Stopped by ${name}`));
    });
  }
  process.exit(await agent.main({ argument, env: process.env, signal: stop.signal }));
}
