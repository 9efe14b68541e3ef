import type { Writable } from 'node:stream';

/** Where the one line of output and the lines of log go; `flush` resolves when both have left the process. */
export interface Output {
  line(text: string): void;
  note(text: string): void;
  flush(): Promise<void>;
}

/** Output to streams of one's own, as tests use it. */
export function outputTo(stdout: Writable, stderr: Writable): Output {
  return {
    line: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    flush: async () => {
      await Promise.all([drained(stdout), drained(stderr)]);
    },
  };
}

/**
 * Takes stdout for the one line of JSON: from now on, whatever else writes to it in this process (console.log, a
 * chatty library) lands on stderr. It is never given back, for libraries also print while the process exits.
 */
export function claimStdout(process: NodeJS.Process): Output {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  // a reader that went away is the reader's business: the exit code still tells
  stdout.on('error', () => undefined);
  stderr.on('error', () => undefined);
  return {
    line: (text) => void write(text),
    note: (text) => void stderr.write(text),
    flush: async () => {
      await Promise.all([
        new Promise<void>(
          (resolve) =>
            void write('', () => {
              resolve();
            }),
        ),
        drained(stderr),
      ]);
    },
  };
}

function drained(stream: Writable): Promise<void> {
  return new Promise(
    (resolve) =>
      void stream.write('', () => {
        resolve();
      }),
  );
}
