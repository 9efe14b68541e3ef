import { Redis, SentinelConnector, type RedisOptions } from 'ioredis';

type SentinelOptions = ConstructorParameters<typeof SentinelConnector>[0];
type Connect = SentinelConnector['connect'];

/** Whether a client is to be connected. */
interface Wish {
  isOpen: boolean;
}

/**
 * A client of the primary that sentinels name, which connects until it is closed. A plain one of ioredis is over for ever when it is
 * told to connect anew while it asks the sentinels; what watches for a failover says so at any time, and so may BullMQ.
 */
export class RedisPrimary extends Redis {
  private readonly wish: Wish;

  constructor(options: Omit<RedisOptions, 'replyMapping'>) {
    const wish: Wish = { isOpen: true };
    super({ ...options, Connector: askingWhile(wish) });
    this.wish = wish;
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) this.wish.isOpen = false;
    super.disconnect(reconnect);
  }

  /** The type that ioredis gives its clients' duplicates depends on an option that is not used here, and says nothing else. */
  override duplicate(override?: Partial<RedisOptions>): never {
    return new RedisPrimary({ ...this.options, ...override }) as never;
  }
}

/** Asks the sentinels again when it was stopped while its client is to be connected. */
function askingWhile(wish: Wish) {
  return class extends SentinelConnector {
    constructor(options: unknown) {
      super(options as SentinelOptions);
    }

    override async connect(tell: Parameters<Connect>[0]): ReturnType<Connect> {
      wish.isOpen = true;
      for (;;) {
        try {
          return await super.connect(tell);
        } catch (error) {
          if (!this.isStoppedUnasked()) throw error;
        }
      }
    }

    private isStoppedUnasked(): boolean {
      return wish.isOpen && !this.connecting;
    }
  };
}
