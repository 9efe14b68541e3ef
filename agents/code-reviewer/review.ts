import { resolveWorkspace, type AgentContext } from '../kit/index.ts';
import { parseSource } from '../kit/syntax.ts';
import { checkComplexity } from './checks/complexity.ts';
import { checkDeadExports } from './checks/dead-exports.ts';
import { checkDuplication } from './checks/duplication.ts';
import { checkPatterns } from './checks/patterns.ts';
import { measureFunctions, type FunctionMetrics } from './functions.ts';
import { lintAsProject } from './project-lint.ts';
import type { FileMetrics, Input, Issue, Output } from './schemas.ts';
import { createFilter, readSources, type Source, type Sources } from './sources.ts';
import { inOrder, summarise } from './summary.ts';

interface FileReview {
  readonly issues: readonly Issue[];
  readonly functions: readonly FunctionMetrics[];
  readonly metrics: FileMetrics;
}

/** Reviews the files that the input names; with a base only what has changed since. */
export async function review(input: Input, context: AgentContext): Promise<Output> {
  const startedAt = performance.now();
  const root = await resolveWorkspace(input.repositoryPath);
  const sources = await readSources(root, input);
  const selected = select(sources, input);
  context.log.info('Reviewing', { files: selected.length, of: sources.all.length });
  const reviews = reviewFiles(selected, context);
  const paths = selected.map(({ path }) => path);
  const linted = input.projectLint ? await lintAsProject(root, paths, input, context) : undefined;
  const issues = [...reviews.flatMap(({ issues: own }) => own), ...reviewWhole(sources.all), ...(linted?.issues ?? [])];
  const relevant = inOrder(issues.filter(isAskedFor(input, sources, new Set(paths))));
  return {
    issues: relevant,
    summary: { ...summarise(relevant), filesReviewed: selected.length },
    metrics: measure(reviews),
    ...(linted !== undefined && { projectLint: linted.report }),
    reviewDurationMs: Math.round(performance.now() - startedAt),
  };
}

function select({ all, changed }: Sources, { filePattern }: Input): Source[] {
  const matches = createFilter(filePattern);
  return all.filter(({ path }) => matches(path) && (changed === undefined || changed.has(path)));
}

function reviewFiles(sources: readonly Source[], { progress, signal }: AgentContext): FileReview[] {
  return sources.map((source, index) => {
    signal.throwIfAborted();
    if (index % 100 === 99)
      progress((index + 1) / sources.length, `reviewed ${String(index + 1)} of ${String(sources.length)} files`);
    return reviewFile(source);
  });
}

function reviewFile(source: Source): FileReview {
  const root = parseSource(source.syntax, source.text);
  const functions = measureFunctions(root, source.syntax.language);
  return {
    issues: [...checkComplexity(source, functions), ...checkPatterns(source, root)],
    functions,
    metrics: {
      file: source.path,
      lines: source.lines.length,
      functions: functions.length,
      maxComplexity: Math.max(0, ...functions.map(({ complexity }) => complexity)),
    },
  };
}

/** What can only be seen with all files in view. */
function reviewWhole(all: readonly Source[]): Issue[] {
  return [...checkDuplication(all), ...checkDeadExports(all)];
}

function isAskedFor({ type }: Input, { changed }: Sources, selected: ReadonlySet<string>): (issue: Issue) => boolean {
  return (issue) =>
    (type === 'all' || issue.type === type) &&
    selected.has(issue.file) &&
    (changed === undefined || changed.get(issue.file)?.has(issue.line) === true);
}

function measure(reviews: readonly FileReview[]): Output['metrics'] {
  const complexities = reviews.flatMap(({ functions }) => functions.map(({ complexity }) => complexity));
  const sum = complexities.reduce((total, complexity) => total + complexity, 0);
  return {
    avgComplexity: complexities.length === 0 ? 0 : Math.round((sum / complexities.length) * 100) / 100,
    maxComplexity: complexities.reduce((most, complexity) => Math.max(most, complexity), 0),
    totalLines: reviews.reduce((total, { metrics }) => total + metrics.lines, 0),
    files: reviews.map(({ metrics }) => metrics),
  };
}
