import { api, bodyOf } from '../api-client.ts';
import { useResource } from '../live/resource.ts';
import type { Session } from '../wire.ts';

const MAY: Readonly<Record<'operate' | 'decide' | 'administrate', readonly Session['scope'][]>> = {
  operate: ['operator', 'admin'],
  decide: ['approver', 'admin'],
  administrate: ['admin'],
};

export function useSession(): Session | undefined {
  return useResource('session', (signal) => bodyOf(api.GET('/api/session', { signal }))).data;
}

/** Why the caller may not do something; undefined when they may, or as long as we do not know. */
export function useRefusal(what: keyof typeof MAY): string | undefined {
  const session = useSession();
  if (!session || MAY[what].includes(session.scope)) return undefined;
  return `This needs a token with the scope ${MAY[what].join(' or ')}; yours is ${session.scope}.`;
}
