/** CPU time that the work took in this process, in ms: other processes on a busy machine do not count. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The same for one of many repetitions, warmed up, in µs: the best of ten batches, so that a collection in one is no matter. */
export function cpuMicroseconds(work: () => unknown, batch = 2_000): number {
  const batches = Array.from({ length: 11 }, () =>
    cpuMs(() => {
      for (let round = 0; round < batch; round += 1) work();
    }),
  );
  return (Math.min(...batches.slice(1)) * 1_000) / batch;
}
