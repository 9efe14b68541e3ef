import { resolveWorkspace, type AgentContext } from '../kit/index.ts';
import { listFiles, type WorkspaceFile } from '../kit/list-files.ts';
import { withoutBaseline } from './baseline.ts';
import { openCache } from './cache.ts';
import { toSarif, writeSarif } from './sarif.ts';
import type { FileResult } from './scan-file.ts';
import { scanMany } from './scan-many.ts';
import { SEVERITIES, type Finding, type Input, type Output } from './schemas.ts';
import { inOrder, summarise } from './summary.ts';

/** Scans the repository and reports, worst first, what is at least as severe as asked for. */
export async function scan(input: Input, context: AgentContext): Promise<Output> {
  const startedAt = performance.now();
  const root = await resolveWorkspace(input.repositoryPath);
  const files = await listFiles(root);
  const results = await scanFiles(files, input, context);
  const scanned = results.filter((result) => result !== undefined);
  const relevant = scanned.flatMap((result) => result.findings).filter(isAtLeast(input.severity));
  const findings = inOrder(await withoutBaseline(relevant, root, input.baselinePath));
  if (input.sarifPath !== undefined) await writeSarif(findings, root, input.sarifPath);
  return {
    findings,
    summary: summarise(findings),
    scannedFiles: scanned.length,
    scanDurationMs: Math.round(performance.now() - startedAt),
    ...(input.sarif && { sarif: toSarif(findings) }),
  };
}

async function scanFiles(files: readonly WorkspaceFile[], input: Input, context: AgentContext): Promise<FileResult[]> {
  const cache = await openCache(input.cacheDir, input.scanType);
  const known = await Promise.all(files.map((file) => cache.get(file)));
  const unknown = files.filter((_, index) => known[index] === undefined);
  context.log.info('Scanning', {
    files: files.length,
    unchanged: files.length - unknown.length,
    scanType: input.scanType,
  });
  const fresh = await scanMany(unknown, input.scanType, reportProgress(unknown.length, context));
  const next = fresh.values();
  const results = known.map((entry) => (entry === undefined ? next.next().value : entry.result));
  await cache.save(files, results);
  return results;
}

/** Tells every tenth of the way, and stops the scan when the run was cancelled. */
function reportProgress(total: number, { progress, signal }: AgentContext): () => void {
  let done = 0;
  return () => {
    signal.throwIfAborted();
    done++;
    if (done % Math.ceil(total / 10) === 0) progress(done / total, `scanned ${String(done)} of ${String(total)} files`);
  };
}

function isAtLeast(least: Input['severity']): (finding: Finding) => boolean {
  return ({ severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}
