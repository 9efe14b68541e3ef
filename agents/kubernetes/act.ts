import type { AgentContext } from '../kit/index.ts';
import { get } from './actions/get.ts';
import { logs } from './actions/logs.ts';
import { rolloutRestart } from './actions/rollout-restart.ts';
import { scale } from './actions/scale.ts';
import { connect } from './cluster.ts';
import { explain } from './explain.ts';
import type { Input, Output } from './schemas.ts';

const NOTHING: Omit<Output, 'action'> = { changed: false, objects: [], logs: [], replicas: null, rolledOut: null };

/** Does what the input asks of the cluster that the secrets name. Throws Unretryable for what the cluster refuses. */
export async function act(input: Input, context: AgentContext): Promise<Output> {
  const cluster = await connect(context);
  try {
    return { ...NOTHING, action: input.action, ...(await perform()) };
  } catch (error) {
    throw explain(error, context.signal);
  }

  function perform(): Promise<Partial<Output>> {
    switch (input.action) {
      case 'get':
        return get(input, cluster);
      case 'logs':
        return logs(input, cluster);
      case 'rollout-restart':
        return rolloutRestart(input, cluster, context);
      case 'scale':
        return scale(input, cluster, context);
    }
  }
}
