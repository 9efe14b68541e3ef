// `npm run agents:measure -- CORPUS FOLDER [ENGINE] [--missed]`: what the security scanner, or a scanner beside it, finds of
// a public corpus whose answers were published with it. FOLDER is a checkout of the corpus; nothing in it is run.
import { countOf, measure, type Case, type Found, type Score } from './agents-measure/score.ts';
import { CORPORA } from './agents-measure/corpora.ts';
import { ENGINES } from './agents-measure/engines.ts';

const shown = new Set(process.argv.slice(2).filter((word) => word.startsWith('--')));
const [corpusName = '', folder = '', engineName = 'security-scanner'] = process.argv
  .slice(2)
  .filter((word) => !word.startsWith('--'));
const readCorpus = CORPORA[corpusName];
const engine = ENGINES[engineName];

if (readCorpus === undefined || engine === undefined || folder === '') {
  console.error(
    `Usage: npm run agents:measure -- CORPUS FOLDER [ENGINE] [--missed]\n` +
      `  CORPUS  ${Object.keys(CORPORA).join(', ')}\n  ENGINE  ${Object.keys(ENGINES).join(', ')}\n` +
      `  FOLDER  a checkout of the corpus: see agents/security-scanner/README.md`,
  );
  process.exitCode = 2;
} else {
  const cases = await readCorpus(folder);
  const startedAt = performance.now();
  const found = await engine(folder);
  const seconds = (performance.now() - startedAt) / 1000;
  const files = new Set(cases.map(({ file }) => file)).size;
  print(measure(cases, found));
  console.log(`\n${String(files)} files in ${seconds.toFixed(1)} s`);
  if (shown.has('--missed')) printMistakes(cases, found);
}

function print(scores: readonly Score[]): void {
  console.log('| category | recall | precision | true / false positives | missed |\n|---|---|---|---|---|');
  for (const { category, hits, falseAlarms, missed } of scores) {
    const cells = [percent(hits, hits + missed), percent(hits, hits + falseAlarms)];
    console.log(`| ${[category, ...cells, `${String(hits)} / ${String(falseAlarms)}`, String(missed)].join(' | ')} |`);
  }
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${String(Math.round((100 * part) / whole))} %`;
}

/** Every file that was judged wrongly, to look at. */
function printMistakes(cases: readonly Case[], found: Found): void {
  for (const one of cases) {
    const { file, category, flaws, harmless } = one;
    const count = countOf(one, found);
    if (count < flaws) console.log(`missed ${category} ${file}: ${String(count)} of ${String(flaws)}`);
    if (count > flaws + harmless) console.log(`false ${category} ${file}: ${String(count)}`);
  }
}
