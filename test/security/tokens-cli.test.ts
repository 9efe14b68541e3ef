import assert from 'node:assert/strict';
import { runCli } from '../../cli/program.ts';
import { startRoom, type TestRoom } from '../http/support/room.ts';

describe('tokens on the command line', () => {
  let room: TestRoom;
  before(async function () {
    this.timeout(300_000);
    room = await startRoom();
  });
  after(() => room.close());

  async function cli(args: readonly string[], token?: string): Promise<{ code: number; out: string }> {
    let out = '';
    const stdout = { write: (chunk: string) => ((out += chunk), true), columns: 200, isTTY: false };
    const stderr = { write: () => true, columns: 200, isTTY: false };
    const world = { stdin: process.stdin, stdout, stderr, env: {}, cwd: '/' };
    const code = await runCli([...args, '--url', room.url, ...(token === undefined ? [] : ['--token', token])], world);
    return { code, out: out.trim() };
  }

  it('are made, listed without their secret, rotated at once, and revoked', async () => {
    const { out: admin } = await cli(['tokens', 'create', 'root', '--scope', 'admin']);
    const { out: eyes } = await cli(['tokens', 'create', 'eyes', '--expires', '30d'], admin);
    assert.match(eyes, /^cc_[\w-]{43}$/);
    assert.equal((await cli(['runs', 'list'], eyes)).code, 0);
    const { out: rotated } = await cli(['tokens', 'rotate', 'eyes'], admin);
    assert.notEqual(rotated, eyes);
    assert.equal((await cli(['runs', 'list'], eyes)).code, 4);
    assert.equal((await cli(['runs', 'list'], rotated)).code, 0);
    const { out: list } = await cli(['tokens', 'list'], admin);
    assert.ok(!list.includes(rotated) && !list.includes(admin));
    assert.match(list, /^eyes +viewer +cc_[\w-]+… /m);
    assert.equal((await cli(['tokens', 'revoke', 'eyes'], admin)).code, 0);
    assert.equal((await cli(['runs', 'list'], rotated)).code, 4);
    assert.equal((await cli(['tokens', 'create', 'x', '--scope', 'admin'], rotated)).code, 4);
  });
});
