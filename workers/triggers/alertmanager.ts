import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { SilenceMatcher } from '../../flows/silence.ts';

/** What we ask of AlertManager, over its API v2. Everything throws AppError UNAVAILABLE when it does not answer in time. */
export interface AlertManager {
  /** Fingerprints of the alerts that it knows to fire, silenced and inhibited ones included. */
  firing(): Promise<readonly string[]>;
  /** Makes a silence, or changes the one that is named. @returns its id */
  silence(request: SilenceRequest): Promise<string>;
  /** Ends a silence; one that is gone already is fine. */
  unsilence(id: string): Promise<void>;
}

export interface SilenceRequest {
  readonly id?: string | undefined;
  readonly matchers: readonly SilenceMatcher[];
  readonly endsAt: Date;
  readonly comment: string;
}

const TIMEOUT_MS = 2_000;

const alertsSchema = z.array(z.object({ fingerprint: z.string() }));
const silenceSchema = z.object({ silenceID: z.string() });

/** @param baseUrl where AlertManager's own pages are: `http://alertmanager:9093`, with a path prefix if it has one */
export function createAlertManager(baseUrl: string): AlertManager {
  const api = `${baseUrl.replace(/\/+$/, '')}/api/v2`;

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(api + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new AppError('UNAVAILABLE', 'AlertManager does not answer at ALERTMANAGER_URL', { cause: error });
    }
  }

  async function expectOk(response: Response): Promise<Response> {
    if (response.ok) return response;
    const reason = (await response.text()).slice(0, 300);
    throw new AppError('UNAVAILABLE', `AlertManager answered ${response.status}: ${reason}`);
  }

  return {
    async firing() {
      const response = await expectOk(await ask('/alerts?active=true&silenced=true&inhibited=true'));
      return alertsSchema.parse(await response.json()).map(({ fingerprint }) => fingerprint);
    },
    async silence({ id, matchers, endsAt, comment }) {
      const body = {
        ...(id !== undefined && { id }),
        matchers,
        startsAt: new Date().toISOString(),
        endsAt: endsAt.toISOString(),
        createdBy: 'commandcenter',
        comment,
      };
      const response = await ask('/silences', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return silenceSchema.parse(await (await expectOk(response)).json()).silenceID;
    },
    async unsilence(id) {
      const response = await ask(`/silence/${encodeURIComponent(id)}`, { method: 'DELETE' });
      // 500 with "silence … already expired" is what 0.25 says to a silence that has ended by itself
      if (response.ok || response.status === 404 || (await response.clone().text()).includes('expired')) return;
      await expectOk(response);
    },
  };
}
