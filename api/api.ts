import type { Intake } from './webhooks/intake.ts';
import type { OpenStreams } from './open-streams.ts';
import type { OpenRuns } from './limits/open-runs.ts';
import type { Probes } from './health/probes.ts';
import type { RunWatch } from './runs/run-watch.ts';
import type { OpenId } from './auth/openid.ts';
import type { Sessions } from './auth/sessions.ts';
import type { TokenDirectory } from './auth/token-directory.ts';
import type { ApiParts } from './parts.ts';

/** What handlers get: the parts from outside, and what the room makes for itself. */
export interface Api extends ApiParts {
  readonly consoleFolder: string;
  readonly directory: TokenDirectory;
  readonly sessions: Sessions;
  /** Undefined where no provider is configured. */
  readonly openId: OpenId | undefined;
  /** Every queue that workers consume; the gates are not among them. */
  readonly queueNames: () => Promise<readonly string[]>;
  readonly openRuns: OpenRuns;
  readonly probes: Probes;
  /** The OpenAPI document as JSON text. */
  readonly openApi: () => string;
  readonly intake: Intake;
  readonly runWatch: RunWatch;
  readonly openStreams: OpenStreams;
}
