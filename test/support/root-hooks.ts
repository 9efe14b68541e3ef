import { waitFor } from './wait-for.ts';

/** What a test must not leave behind in its process, by the names of `process.getActiveResourcesInfo()`. */
const LEAKS = ['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap', 'Worker'];

function leaks(): string[] {
  return process.getActiveResourcesInfo().filter((resource) => LEAKS.includes(resource));
}

/** Fails the run when sockets, servers, worker threads or child processes outlive the tests that made them. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context) {
    await waitFor(() => leaks().length === 0, {
      timeoutMs: 3000,
      describe: 'the tests to close what they opened',
    }).catch(() => {
      throw new Error(`left open by the tests: ${leaks().join(', ')}`);
    });
  },
};
