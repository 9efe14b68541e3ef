import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { createAgentsHere } from '../../workers/agents-here.ts';
import { startRoom, type TestRoom } from '../http/support/room.ts';

const SOURCE = 'registry.example.com/agents';
const BY_DIGEST = `${SOURCE}/scanner@sha256:${'0a'.repeat(32)}`;

describe('images of agents', () => {
  let room: TestRoom;

  before(async function () {
    this.timeout(300_000);
    room = await startRoom({ env: { AGENT_IMAGE_SOURCES: SOURCE } });
  });
  after(() => room.close());

  it('are registered from allowed sources by digest, and from nowhere else', async () => {
    const register = (name: string, image: string) => room.post('/api/agents', { name, image });
    assert.equal((await register('by-digest', BY_DIGEST)).status, 201);
    for (const image of [`${SOURCE}/scanner:1.0`, `evil.example/agents/scanner@sha256:${'0a'.repeat(32)}`]) {
      const refused = await register('refused', image);
      assert.equal(refused.status, 400);
      assert.deepEqual(
        refused.body.errors.map(({ path }: { path: string }) => path),
        ['image'],
      );
      const changed = await room.call('PUT', '/api/agents/by-digest', { body: { name: 'by-digest', image } });
      assert.equal(changed.status, 400);
    }
  });

  it('are not run by a worker that does not allow them, however they came into the registry', async () => {
    const { db } = room.engine;
    await db.query(sql.unsafe`UPDATE "Agent" SET image = ${`${SOURCE}/scanner:latest`} WHERE name = 'by-digest'`);
    await assert.rejects(createAgentsHere(db, [], [SOURCE]).find('by-digest'), {
      code: 'FORBIDDEN',
      message: /Agent by-digest is not run.*by digest/,
    });
    await db.query(sql.unsafe`UPDATE "Agent" SET image = ${BY_DIGEST} WHERE name = 'by-digest'`);
    assert.equal((await createAgentsHere(db, [], [SOURCE]).find('by-digest'))?.reference.image, BY_DIGEST);
    await assert.rejects(createAgentsHere(db, [], []).find('by-digest'), { code: 'FORBIDDEN' });
  });
});
