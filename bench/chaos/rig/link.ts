import { connect, createServer, type Socket } from 'node:net';

/** The wire between the service and one server: everything passes through it until it is hurt. */
export interface Link {
  readonly port: number;
  /** Resets every connection; new ones are made at once. */
  cut(): void;
  /** Nothing passes in either direction, and nobody is told. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

export async function openLink(target: number): Promise<Link> {
  const ends = new Set<Socket>();
  let held = false;

  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    join(near, far);
    join(far, near);
  });

  function join(from: Socket, to: Socket): void {
    ends.add(from);
    if (held) from.pause();
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!held) from.resume();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      ends.delete(from);
      to.destroy();
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
      for (const end of ends) end.resume();
    },
    close: () =>
      new Promise((resolve) => {
        for (const end of ends) end.destroy();
        server.close(() => resolve());
      }),
  };
}
