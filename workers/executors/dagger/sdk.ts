import type { connect as Connect, ExecError as ExecErrorClass, ReturnType as ReturnTypeEnum } from '@dagger.io/dagger';

/** The parts of Dagger's SDK that a session needs. */
export interface DaggerSdk {
  readonly connect: typeof Connect;
  readonly ExecError: typeof ExecErrorClass;
  readonly ReturnType: typeof ReturnTypeEnum;
}

/**
 * Loads the SDK's client alone. Its main module also loads the TypeScript compiler and telemetry for Dagger modules:
 * 1,550 ms instead of 450 ms, for each attempt. Where another version has other files, the main module does.
 */
export async function loadSdk(): Promise<DaggerSdk> {
  const main = import.meta.resolve('@dagger.io/dagger');
  const load = (path: string) => import(new URL(path, main).href) as Promise<DaggerSdk>;
  try {
    const parts = await Promise.all(['connect.js', 'common/errors/index.js', 'api/client.gen.js'].map(load));
    return Object.assign({}, ...parts) as DaggerSdk;
  } catch {
    return import('@dagger.io/dagger');
  }
}
