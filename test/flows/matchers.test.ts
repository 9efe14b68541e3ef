import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchesAll, parseMatchers } from '../../flows/matchers.ts';
import { cpuMs } from './cpu-time.ts';
import { refusal } from './refusals.ts';

const alert = {
  labels: { severity: 'critical', team: 'core', empty: '' },
  annotations: { summary: 'Disk full on db1' },
};
const matches = (text: string) => matchesAll(parseMatchers(text), alert);

describe('matchers in the syntax of AlertManager', () => {
  const cases: [text: string, matches: boolean][] = [
    ['severity="critical"', true],
    ['severity=critical', true],
    [' severity = "critical" ', true],
    ['severity="warning"', false],
    ['severity!="warning"', true],
    ['team=~"core|infra"', true],
    ['team=~"cor"', false],
    ['team=~"cor.*"', true],
    ['team!~"infra|web"', true],
    ['team!~".*"', false],
    ['{severity="critical", team=~"c.*"}', true],
    ['severity="critical",team="web"', false],
    ['severity="critical",', true],
    ['{}', true],
    ['missing=""', true],
    ['missing!=""', false],
    ['missing=~".+"', false],
    ['missing!~".+"', true],
    ['empty=""', true],
    ['toString=""', true],
    ['"severity"="critical"', true],
    ['labels.severity="critical"', true],
    ['annotations.summary=~"Disk full.*"', true],
    ['annotations.severity="critical"', false],
    ['team=~"(?i)CORE"', true],
  ];
  for (const [text, expected] of cases)
    it(`${text} ${expected ? 'matches' : 'does not match'}`, () => assert.equal(matches(text), expected));

  it('knows the escapes of AlertManager and leaves other backslashes alone', () => {
    assert.equal(parseMatchers(String.raw`a="x\"y\\z\n\d"`)[0]?.value, 'x"y\\z\n\\d');
  });

  it('reads back any value that it wrote', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const quoted = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
        const [matcher] = parseMatchers(`a="${quoted}"`);
        assert.equal(matcher?.value, value);
        assert.ok(matcher.matches(value));
      }),
    );
  });

  const refused: [text: string, message: RegExp][] = [
    ['', /column 1: expected the name of a label/],
    ['severity', /column 9: expected one of = != =~ !~/],
    ['severity=="x"', /column 10: expected "," or the end/],
    ['="x"', /column 1/],
    ['1a="x"', /column 1/],
    ['a="x', /column 3: the quote is not closed/],
    ['a="x" b="y"', /column 7/],
    ['{a="x"', /column 7: expected "," or "}"/],
    ['a="x"}', /column 6/],
    ['a=~"("', /column 4: .*missing closing/],
    ['a=~"(?=x)"', /invalid or unsupported/],
    ['a=~"\\1"', /invalid escape/],
    ['a,b', /column 2/],
    [`a=~"${'x'.repeat(1_001)}"`, /at most 1000 characters/],
  ];
  for (const [text, message] of refused)
    it(`refuses ${text.slice(0, 40) || 'nothing at all'}`, () =>
      assert.match(refusal('INVALID_INPUT', () => parseMatchers(text)).message, message));

  it('answers at once for a pattern made to backtrack', () => {
    const [matcher] = parseMatchers('a=~"(a+)+b"');
    const spent = cpuMs(() => assert.equal(matcher?.matches('a'.repeat(20_000)), false));
    assert.ok(spent < 1_000, `${spent} ms`);
  });
});
