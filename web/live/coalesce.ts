/** Runs the task when asked, never twice at a time and at most once per `gapMs`; what was asked meanwhile is one run more. */
export function coalesce(task: () => Promise<void>, gapMs: number): () => void {
  let running = false;
  let askedAgain = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      askedAgain = false;
      await task();
      await new Promise((resolve) => window.setTimeout(resolve, gapMs));
    } while (wasAskedAgain());
    running = false;
  };
  const wasAskedAgain = (): boolean => askedAgain;
  return () => {
    if (running) askedAgain = true;
    else void run();
  };
}
