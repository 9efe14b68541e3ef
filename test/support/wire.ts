import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between a client and a service that a test can cut and mend. */
export interface Wire {
  readonly port: number;
  readonly url: string;
  /** Ends every connection, and refuses new ones until `mend`. */
  cut(): void;
  /** Lets nothing that the service says through until `mend`. */
  stall(): void;
  /** Lets nothing that the service says through to those who connect from now on, until `mend`. */
  stallNew(): void;
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
  const { port } = server.address() as AddressInfo;
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    cut() {
      isCut = true;
      drop();
    },
    stall() {
      isStalled = true;
      for (const upstream of upstreams) upstream.pause();
    },
    stallNew() {
      isStalled = true;
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
