/** How many of these were under way at the same time at most; one that begins in the instant in which another ends follows it. */
export function mostAtOnce(
  attempts: readonly { readonly startedAt: Date | null; readonly finishedAt: Date | null }[],
): number {
  const changes = attempts
    .flatMap(({ startedAt, finishedAt }) => [
      { at: startedAt?.getTime() ?? 0, change: 1 },
      { at: finishedAt?.getTime() ?? 0, change: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let now = 0;
  let most = 0;
  for (const { change } of changes) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
