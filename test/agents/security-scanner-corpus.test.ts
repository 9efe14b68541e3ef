import assert from 'node:assert/strict';
import { loadEngines } from '../../agents/security-scanner/engines.ts';
import { scanSource, type Engines } from '../../agents/security-scanner/scan-file.ts';
import { javaFlowSamples, pythonFlowSamples } from './scanner-corpus/flow.ts';
import { goSamples } from './scanner-corpus/go.ts';
import { harderGo, harderJava, harderJavascript, harderPython } from './scanner-corpus/harder.ts';
import { javaSamples } from './scanner-corpus/java.ts';
import { javascriptSamples, reactSamples, typescriptSamples } from './scanner-corpus/javascript.ts';
import { pythonSamples } from './scanner-corpus/python.ts';
import type { Sample } from './scanner-corpus/sample.ts';
import { secretSamples } from './scanner-corpus/secrets.ts';

const CORPUS = {
  JavaScript: javascriptSamples,
  TypeScript: typescriptSamples,
  React: reactSamples,
  Python: pythonSamples,
  Go: goSamples,
  Java: javaSamples,
  secrets: secretSamples,
  'JavaScript with detours': harderJavascript,
  'Python with detours': harderPython,
  'Go with detours': harderGo,
  'Java with detours': harderJava,
  'the way of values in Java': javaFlowSamples,
  'the way of values in Python': pythonFlowSamples,
};

describe('The security scanner on code with known answers', () => {
  let engines: Engines;
  before(async () => {
    engines = await loadEngines('all');
  });

  for (const [language, samples] of Object.entries(CORPUS)) {
    describe(language, () => {
      for (const sample of samples) {
        it(title(sample), async () => {
          const found = await scanSource(sample.code, sample.file, 'all', engines);
          const expected = sample.type === 'none' ? [] : [sample.type];
          assert.deepEqual([...new Set(found.map(({ type }) => type))], expected, JSON.stringify(found, null, 1));
        });
      }
    });
  }

  it('has at least sixty samples, a third of them innocent', () => {
    const all: Sample[] = Object.values(CORPUS).flat();
    const innocent = all.filter(({ type }) => type === 'none');
    assert.ok(all.length >= 60, `${String(all.length)} samples`);
    assert.ok(innocent.length * 3 >= all.length, `${String(innocent.length)} of ${String(all.length)} are innocent`);
  });
});

function title({ title: what, type }: Sample): string {
  return type === 'none' ? `finds nothing in: ${what}` : `finds ${type}: ${what}`;
}
