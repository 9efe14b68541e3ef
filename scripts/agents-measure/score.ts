/** What a corpus says about one file and one kind of flaw. */
export interface Case {
  readonly file: string;
  readonly category: string;
  /** How many lines of the file must be found. */
  readonly flaws: number;
  /** How many more may be found without being wrong. */
  readonly harmless: number;
  /** The answer is about the file as a whole: several lines found count as one. */
  readonly wholeFile: boolean;
}

/** How many lines of a file an engine reported for a category. */
export type Found = (file: string, category: string) => number;

export interface Score {
  readonly category: string;
  readonly hits: number;
  readonly falseAlarms: number;
  readonly missed: number;
}

/** One score for each category, and one for all together at the end. */
export function measure(cases: readonly Case[], found: Found): Score[] {
  const categories = [...new Set(cases.map(({ category }) => category))];
  const scores = categories.map((category) => {
    const own = cases.filter((one) => one.category === category).map((one) => judge(one, found));
    return { category, ...sum(own) };
  });
  return categories.length < 2 ? scores : [...scores, { category: 'together', ...sum(scores) }];
}

/** What was found for a case, as the corpus counts. */
export function countOf({ file, category, wholeFile }: Case, found: Found): number {
  const lines = found(file, category);
  return wholeFile ? Math.min(1, lines) : lines;
}

type Counts = Omit<Score, 'category'>;

function judge(one: Case, found: Found): Counts {
  const { flaws, harmless } = one;
  const count = countOf(one, found);
  const hits = Math.min(count, flaws);
  return { hits, missed: flaws - hits, falseAlarms: Math.max(0, count - flaws - harmless) };
}

function sum(counts: readonly Counts[]): Counts {
  const add = (pick: (one: Counts) => number) => counts.reduce((total, one) => total + pick(one), 0);
  return { hits: add((one) => one.hits), missed: add((one) => one.missed), falseAlarms: add((one) => one.falseAlarms) };
}
