import { connect, createServer, type Socket } from 'node:net';

/** A wire between browser and service that a test can cut and mend. */
export interface Wire {
  readonly url: string;
  /** Ends every connection, and refuses new ones until `mend`. */
  cut(): void;
  /** Lets nothing that the service says through until `mend`. */
  stall(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function layWire(targetPort: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  let isCut = false;
  let isStalled = false;
  const server = createServer((client) => {
    if (isCut) return client.destroy();
    const upstream = connect(targetPort, '127.0.0.1');
    upstreams.add(upstream);
    upstream.on('close', () => upstreams.delete(upstream));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    if (isStalled) upstream.pause();
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    cut() {
      isCut = true;
      drop();
    },
    stall() {
      isStalled = true;
      for (const upstream of upstreams) upstream.pause();
    },
    mend() {
      isCut = false;
      isStalled = false;
      for (const upstream of upstreams) upstream.resume();
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
