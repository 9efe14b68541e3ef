import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The wire between the service and one server: everything passes through it until it is hurt. */
export interface Link {
  readonly port: number;
  /** Resets every connection; new ones are made at once. */
  cut(): void;
  /** Nothing passes in either direction, and nobody is told. */
  hold(): void;
  release(): void;
  /** Nothing passes any more on the connections that there are, and nobody is told; new ones are made at once. */
  lose(): void;
  /** From now on everything takes this much longer, in each direction; 0 is as fast as ever. */
  slow(delayMs: number): void;
  close(): Promise<void>;
}

export async function openLink(target: number): Promise<Link> {
  const ends = new Set<Socket>();
  const lost = new WeakSet<Socket>();
  let held = false;
  let delayMs = 0;

  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    join(near, far);
    join(far, near);
  });

  function join(from: Socket, to: Socket): void {
    ends.add(from);
    // what is quick must not overtake what was sent before it
    let passed = Promise.resolve();
    if (held) from.pause();
    from.on('data', (chunk: Buffer) => {
      const due = performance.now() + delayMs;
      passed = passed.then(async () => {
        const early = due - performance.now();
        if (early > 0) await delay(early);
        if (!to.write(chunk)) from.pause();
      });
    });
    to.on('drain', () => {
      if (!held && !lost.has(from)) from.resume();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      ends.delete(from);
      void passed.then(() => {
        to.destroySoon();
      });
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      for (const end of ends) end.resetAndDestroy();
    },
    hold() {
      held = true;
      for (const end of ends) end.pause();
    },
    release() {
      held = false;
      for (const end of ends) if (!lost.has(end)) end.resume();
    },
    lose() {
      for (const end of ends) lost.add(end.pause());
    },
    slow(ms) {
      delayMs = ms;
    },
    close: () =>
      new Promise((resolve) => {
        for (const end of ends) end.destroy();
        server.close(() => resolve());
      }),
  };
}
