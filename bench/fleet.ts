import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from './chaos/rig/servers.ts';
import { simulateDay } from './fleet/day.ts';
import { simulateWorkers, type FleetResult, type Times } from './fleet/workers.ts';

/**
 * `npm run bench:fleet [-- --workers=1000 --held=10 --seconds=30 --runs=1000000]`: what many workers ask of one Postgres
 * (their real statements, at their real rates, on private servers), and how long nodes wait on a day of many runs
 * (a simulation, fed with what an attempt cost the engine in the first part). The tables go to docs/SCALING.md by hand:
 * figures are of a machine.
 */
const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1000' },
    held: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '30' },
    connections: { type: 'string', default: '20' },
    runs: { type: 'string', default: '1000000' },
    nodes: { type: 'string', default: '5' },
    'agent-seconds': { type: 'string', default: '10' },
    peak: { type: 'string', default: '1.8' },
    fleets: { type: 'string', default: '70,100,110,200,1000' },
    concurrency: { type: 'string', default: '10' },
  },
});
const number = (name: Exclude<keyof typeof values, 'fleets'>) => Number(values[name]);

const folder = await mkdtemp(join(tmpdir(), 'cc-fleet-bench-'));
await chmod(folder, 0o755);
const servers = await startServers(folder, { isRedisKept: true });
try {
  const options = {
    ...{ workers: number('workers'), held: number('held'), seconds: number('seconds') },
    connections: number('connections'),
  };
  console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`);
  const fleet = await simulateWorkers({ ...options, databaseUrl: servers.databaseUrl, redisUrl: servers.redisUrl });
  printFleet(options, fleet);
  printDay(1 / fleet.claimsPerSecond + 1 / fleet.settlesPerSecond);
} finally {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
}

function printFleet({ workers, held, seconds, connections }: Record<string, number>, result: FleetResult): void {
  const { heartbeat, presence, drainLook } = result;
  console.log(`
${workers} workers, ${held} nodes held by each, ${seconds} s, ${connections} connections

| what | per second | p50 | p99 | slowest |
|---|---|---|---|---|
${[
  row(`heartbeats, each of ${held} leases`, heartbeat, seconds!),
  row('marks of presence', presence, seconds!),
  row('looks whether to drain', drainLook, seconds!),
].join('\n')}

claims ${result.claimsPerSecond.toFixed(0)}/s, settles ${result.settlesPerSecond.toFixed(0)}/s (${result.nodes} of each, \
by one process), ${result.statementsPerSecond.toFixed(0)} statements/s and ${(result.walBytesPerSecond / 1e6).toFixed(1)} MB/s \
of WAL in between; leases lost ${result.lostLeases}, beats skipped ${result.skippedBeats}, statements failed ${result.failed}`);
}

function row(name: string, { count, p50, p99, max }: Times, seconds: number): string {
  return `| ${name} | ${(count / seconds).toFixed(0)} | ${p50.toFixed(1)} ms | ${p99.toFixed(0)} ms | ${max.toFixed(0)} ms |`;
}

function printDay(engineSeconds: number): void {
  const [runs, nodesPerRun] = [number('runs'), number('nodes')];
  const common = {
    runs,
    nodesPerRun,
    agentSeconds: number('agent-seconds'),
    peak: number('peak'),
    engineSeconds,
    seed: 1,
  };
  console.log(`
${runs} runs of ${nodesPerRun} nodes in a day, agents of ${common.agentSeconds} s on average, the busiest hour \
${common.peak} times the mean, ${number('concurrency')} agents at once in a worker

| workers | slots in use | wait p50 | p95 | p99 | longest | most nodes waiting |
|---|---|---|---|---|---|---|`);
  for (const workers of values.fleets.split(',').map(Number)) {
    const day = simulateDay({ ...common, slots: workers * number('concurrency') });
    const wait = [day.waitP50, day.waitP95, day.waitP99, day.waitMax].map(inWords).join(' | ');
    console.log(`| ${workers} | ${(day.utilisation * 100).toFixed(0)} % | ${wait} | ${day.mostWaiting} |`);
  }
}

function inWords(seconds: number): string {
  if (seconds < 0.1) return '< 0.1 s';
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(0)} min`;
}
