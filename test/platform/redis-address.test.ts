import assert from 'node:assert/strict';
import { loadConfig } from '../../platform/config.ts';
import { passwordsIn } from '../../platform/known-secrets.ts';
import { readRedisAddress } from '../../platform/redis/address.ts';

describe('REDIS_URL', () => {
  it('names one server', () => {
    const url = 'rediss://user:secret@redis.example.com:6380/2';
    assert.deepEqual(readRedisAddress(url), { kind: 'single', url });
  });

  it('names sentinels and the primary behind them, with the accounts of both', () => {
    assert.deepEqual(
      readRedisAddress('redis+sentinel://app:p%40ss@a,b:26380,[::1]:26381/main/3?sentinelPassword=watch'),
      {
        kind: 'sentinel',
        tls: false,
        username: 'app',
        password: 'p@ss',
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
          { host: '::1', port: 26_381 },
        ],
        name: 'main',
        database: 3,
        sentinelPassword: 'watch',
      },
    );
  });

  it('names some nodes of a cluster', () => {
    assert.deepEqual(readRedisAddress('rediss+cluster://:secret@a:7000,b'), {
      kind: 'cluster',
      tls: true,
      password: 'secret',
      hosts: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
    });
  });

  for (const { url, says } of [
    { url: 'localhost', says: /starts with redis:\/\/ or rediss:\/\// },
    { url: 'http://localhost', says: /starts with redis:\/\// },
    { url: 'redis+proxy://a', says: /starts with redis:\/\// },
    { url: 'redis://a:1,b:2', says: /one host; several are redis\+sentinel:\/\/ or redis\+cluster:\/\// },
    { url: 'redis+sentinel://a:26379', says: /name the primary/ },
    { url: 'redis+sentinel://a/main?password=x', says: /unknown parameter password; there are sentinelUsername/ },
    { url: 'redis+cluster://a:99999', says: /hosts like host:6379,host:6379/ },
    { url: 'redis+cluster://a/1', says: /a cluster has one database/ },
  ]) {
    it(`is refused as ${url}, saying what is wrong and an example`, () => {
      assert.throws(
        () => loadConfig({ REDIS_URL: url }),
        (error: Error) => {
          assert.match(error.message, /REDIS_URL .*for example REDIS_URL=redis:\/\/localhost:6379/);
          assert.match(error.message, says);
          return true;
        },
      );
    });
  }

  it('hides its passwords in the log, whatever its form', () => {
    const known = passwordsIn('redis+sentinel://app:long-secret@a,b:1/main?sentinelPassword=watch-secret');
    assert.deepEqual(known, ['long-secret', 'watch-secret']);
    assert.deepEqual(passwordsIn('redis+cluster://:long-secret@a:1,b:2'), ['long-secret']);
    assert.deepEqual(passwordsIn('nats://u:first-secret@a,nats://u:second-secret@b'), [
      'first-secret',
      'second-secret',
    ]);
  });
});
