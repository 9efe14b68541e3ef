import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { connectRedis, type RedisClient } from '../../platform/redis/connect.ts';
import { startRedisSentinels, type RedisSentinels } from '../support/redis-topology.ts';
import { layWire, type Wire } from '../support/wire.ts';

describe('a client of the primary behind sentinels', function () {
  this.timeout(60_000);
  let sentinels: RedisSentinels | undefined;
  let wire: Wire;
  const clients: RedisClient[] = [];

  before(async function () {
    sentinels = await startRedisSentinels(this);
  });
  beforeEach(async () => {
    wire = await layWire(sentinelPort());
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await wire.close();
  });
  after(() => sentinels?.stop());

  function sentinelPort(): number {
    assert.ok(sentinels);
    return Number(new URL(sentinels.url).port);
  }

  /** A client that is closed at the end of its test. */
  function kept<T extends RedisClient>(client: T): T {
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }

  const connect = (hosts: string) =>
    kept(connectRedis(`redis+sentinel://${hosts}/main`, { connectTimeout: 500, retryStrategy: () => 50 }));
  const throughWire = () => connect(`127.0.0.1:${String(wire.port)}`);

  /** Tells the client to connect anew twice, the second time while it waits for the sentinel's answer. */
  async function connectTwice(client: RedisClient): Promise<void> {
    await client.ping();
    wire.stallNew();
    client.disconnect(true);
    await once(client, 'connecting');
    client.disconnect(true);
    wire.mend();
  }

  it('does not give up when it hears of the failover while it asks who the primary is', async () => {
    assert.ok(sentinels);
    const client = throughWire();
    await client.ping();
    const listener = kept(new Redis(wire.port, '127.0.0.1'));
    await listener.subscribe('+switch-master');
    const primary = await sentinels.primary();

    wire.stallNew();
    const switched = once(listener, 'message');
    primary.process.kill('SIGKILL');
    await once(client, 'connecting');
    await switched;
    wire.mend();
    await client.set('after', 'the failover');
  });

  it('does not give up when it is told to connect anew while it asks who the primary is', async () => {
    const client = throughWire();
    await connectTwice(client);
    assert.equal(await client.ping(), 'PONG');
  });

  it('passes this on to its duplicates, as BullMQ makes for reads that block', async () => {
    const client = throughWire() as Redis;
    const duplicate = kept(client.duplicate());
    await connectTwice(duplicate);
    assert.equal(await duplicate.ping(), 'PONG');
  });

  it('asks the next sentinel when one does not answer', async () => {
    wire.stall();
    assert.equal(await connect(`127.0.0.1:${String(wire.port)},127.0.0.1:${String(sentinelPort())}`).ping(), 'PONG');
  });

  it('can be closed while it asks who the primary is', async () => {
    wire.stall();
    const client = throughWire();
    const asked = client.ping();
    client.disconnect();
    await assert.rejects(asked, /Connection is closed/);
    assert.equal(client.status, 'end');
  });

  it('connects again when it is told to after it was closed', async () => {
    const client = throughWire() as Redis;
    await client.ping();
    client.disconnect();
    await once(client, 'end');
    await client.connect();
    await connectTwice(client);
    assert.equal(await client.ping(), 'PONG');
  });
});
