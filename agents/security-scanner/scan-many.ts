import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { WorkspaceFile } from '../kit/list-files.ts';
import { loadEngines } from './engines.ts';
import { readSource, scanSource, type FileResult, type ScanType } from './scan-file.ts';

const ROLE = 'security-scanner';
/** Below this a second thread costs more to start (about 0.3 s) than it saves. */
const FILES_PER_THREAD = 600;
const MOST_THREADS = 8;

interface Shard {
  readonly role: typeof ROLE;
  readonly files: readonly WorkspaceFile[];
  readonly scanType: ScanType;
}

/** Scans `files`, on several threads when there are many; results come in the order of `files`. */
export async function scanMany(
  files: readonly WorkspaceFile[],
  scanType: ScanType,
  onFile: () => void,
): Promise<FileResult[]> {
  const threads = Math.min(availableParallelism(), MOST_THREADS, Math.ceil(files.length / FILES_PER_THREAD));
  if (threads <= 1) return scanShard({ role: ROLE, files, scanType }, onFile);
  const shards = Array.from({ length: threads }, (_, at) => files.filter((_file, index) => index % threads === at));
  const scanHere = (shard: readonly WorkspaceFile[]) => scanShard({ role: ROLE, files: shard, scanType }, onFile);
  const [own = [], ...others] = shards;
  const results = await Promise.all([
    ...others.map((shard) => scanInThread({ role: ROLE, files: shard, scanType }, onFile).catch(() => scanHere(shard))),
    scanHere(own),
  ]);
  results.unshift(...results.splice(-1));
  return files.map((_, index) => results[index % threads]?.[Math.floor(index / threads)]);
}

/** Between two groups of files signals and messages get their turn. */
const GROUP = 32;

async function scanShard({ files, scanType }: Shard, onFile: () => void): Promise<FileResult[]> {
  const engines = await loadEngines(scanType);
  const results: FileResult[] = [];
  for (const [at, file] of files.entries()) {
    if (at % GROUP === 0) await nextTurn();
    const source = readSource(file);
    results.push(
      source === undefined ? undefined : { findings: await scanSource(source, file.path, scanType, engines) },
    );
    onFile();
  }
  return results;
}

/**
 * Runs this very module in a thread; bundled into one file, the whole agent is that module. Rejects where a thread
 * cannot load it (a host that compiled the TypeScript in memory): then the work is done here.
 */
function scanInThread(shard: Shard, onFile: () => void): Promise<FileResult[]> {
  const worker = new Worker(new URL(import.meta.url), { workerData: shard });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: 'file' | FileResult[]) => {
      if (message === 'file') onFile();
      else resolve(message);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      reject(new Error('A scanning thread ended before its work was done'));
    });
  });
}

async function serve(shard: Shard): Promise<void> {
  parentPort?.postMessage(
    await scanShard(shard, () => {
      parentPort?.postMessage('file');
    }),
  );
}

if (!isMainThread && (workerData as Partial<Shard> | null)?.role === ROLE) await serve(workerData as Shard);
