import assert from 'node:assert/strict';
import { imageProblem } from '../../flows/image-policy.ts';

const DIGEST = `@sha256:${'0a'.repeat(32)}`;

describe('where images of agents may come from', () => {
  const sources = ['registry.example.com/agents', 'registry.example.com:5000/team'];

  for (const image of [
    'commandcenter-agent-scanner',
    'commandcenter-agent-scanner:1.2.0',
    `registry.example.com/agents/scanner${DIGEST}`,
    `registry.example.com/agents/deeper/scanner:1.0${DIGEST}`,
    `registry.example.com:5000/team/scanner${DIGEST}`,
  ]) {
    it(`allows ${image}`, () => {
      assert.equal(imageProblem(image, sources), null);
    });
  }

  for (const image of [
    `registry.example.com/other/scanner${DIGEST}`,
    `registry.example.com/agents-of-strangers/scanner${DIGEST}`,
    `registry.example.com.evil.example/agents/scanner${DIGEST}`,
    `evil.example/registry.example.com/agents/scanner${DIGEST}`,
    `evil.example/commandcenter-agent-scanner`,
    `commandcenter-agent-scanner/evil${DIGEST}`,
    'alpine',
  ]) {
    it(`refuses ${image}`, () => {
      assert.match(imageProblem(image, sources) ?? '', /comes from no allowed source.*AGENT_IMAGE_SOURCES/);
    });
  }

  for (const image of ['registry.example.com/agents/scanner', 'registry.example.com/agents/scanner:1.0']) {
    it(`wants a digest for ${image}`, () => {
      assert.match(imageProblem(image, sources) ?? '', /by digest/);
    });
  }

  it('allows nothing from elsewhere by default', () => {
    assert.notEqual(imageProblem(`registry.example.com/agents/scanner${DIGEST}`, []), null);
  });
});
