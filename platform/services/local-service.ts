import { join } from 'node:path';
import type { Service } from '../lifecycle.ts';
import type { Logger } from '../log.ts';
import type { ProgramSources } from './binaries.ts';
import { joinServer, type JoinedServer, type ServerProgram } from './server.ts';

/** What bringing up a server on this machine needs to know. */
export interface LocalContext {
  /** The folder of all servers, below the data folder. */
  readonly root: string;
  readonly sources: ProgramSources;
  readonly password: string;
  readonly log: Logger;
}

/** A dependency that was found or brought up. */
export interface ResolvedService {
  readonly url: string;
  /** For the banner. */
  readonly line: string;
  /** What stops it; absent when it is not ours. */
  readonly service?: Service;
}

/** Runs the program as the server of its folder and describes it. */
export async function runLocally(
  { root, log }: LocalContext,
  program: ServerProgram,
  describe: { url: (port: number) => string; version: string; from: string },
): Promise<ResolvedService> {
  const server = await joinServer(join(root, program.name), program, log);
  const found = server.found ? ', running since an earlier start' : '';
  return {
    url: describe.url(server.port),
    line: `${program.name} ${describe.version} on 127.0.0.1:${String(server.port)} (${describe.from}${found})`,
    service: asService(program.name, server),
  };
}

/** A server that somebody else runs. The line names it without its password. */
export function configured(name: string, variable: string, url: string): ResolvedService {
  const { host, pathname } = new URL(url.split(',')[0] ?? url);
  return { url, line: `${name} at ${host}${pathname === '/' ? '' : pathname} (${variable})` };
}

function asService(name: string, server: JoinedServer): Service {
  return { name, start: () => Promise.resolve(), stop: (deadlineMs) => server.leave(deadlineMs) };
}
