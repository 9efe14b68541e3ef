import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMasker } from '../../platform/masker.ts';

const SECRET = 'p@ss/wörd "quoted"';

describe('a masker', () => {
  const { mask } = createMasker([SECRET, 'abc']);

  it('hides a secret as it is, JSON-escaped, URL-encoded and as a form field', () => {
    const encoded = encodeURIComponent(SECRET);
    for (const form of [
      SECRET,
      JSON.stringify(SECRET).slice(1, -1),
      encoded,
      encoded.toLowerCase(),
      encoded.replaceAll('%20', '+'),
    ]) {
      assert.equal(mask(`<${form}>`), '<***>');
    }
  });

  it('hides a secret in base64, alone or inside a longer text, at every alignment', () => {
    for (const before of ['', 'a', 'ab', 'abc', 'user:']) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const masked = mask(Buffer.from(`${before}${SECRET}:after`).toString(encoding));
        assert.ok(!Buffer.from(masked, 'base64').toString().includes('quoted'), masked);
      }
    }
  });

  it('leaves words as short as three letters alone', () => {
    assert.equal(mask('abc of abc'), 'abc of abc');
  });

  it('changes nothing when it knows no secret', () => {
    const pieces = createMasker([]).pieces();
    assert.equal(pieces.push('as it is') + pieces.end(), 'as it is');
  });

  it('finds a secret however the pieces are cut, and loses nothing else', () => {
    const secrets = ['ababab', 'abab', 'secret-ö-value'];
    const text = fc.array(fc.constantFrom('ab', 'a', 'x', 'secret-', 'ö', '-value', ...secrets), { maxLength: 12 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 8 }), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const masker = createMasker(secrets);
        const pieces = masker.pieces();
        const borders = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const shown = borders.slice(1).map((border, index) => pieces.push(bytes.subarray(borders[index], border)));
        assert.equal(shown.join('') + pieces.end(), masker.mask(bytes.toString()));
      }),
    );
  });

  it('holds back only what may be the beginning of a secret', () => {
    const pieces = createMasker(['token-1']).pieces();
    assert.equal(pieces.push('a line\nand tok'), 'a line\nand ');
    assert.equal(pieces.push('tok'), 'tok');
    assert.equal(pieces.end(), 'tok');
  });
});
