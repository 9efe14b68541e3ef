import * as client from 'openid-client';
import { AppError } from '../../contracts/errors.ts';
import type { Config } from '../../platform/config.ts';
import type { Logger } from '../../platform/log.ts';
import { createProviderFetch } from './provider-fetch.ts';

export const CALLBACK_PATH = '/login/oidc/callback';

/** What a browser keeps between leaving for the provider and coming back; nobody else learns it. */
export interface LoginAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Logins at an OpenID Connect provider: authorization code with PKCE, state and nonce. */
export interface OpenId {
  /** Where the browser goes, and what it has to bring back. @throws AppError UNAVAILABLE */
  begin(): Promise<{ readonly address: string; readonly attempt: LoginAttempt }>;
  /**
   * The claims of the ID token that the code is worth.
   * @param query of the callback
   * @throws AppError UNAUTHENTICATED when the provider, or the browser that comes back, is not who it should be
   */
  finish(query: string, attempt: LoginAttempt): Promise<Readonly<Record<string, unknown>>>;
  /** Where a browser ends its session at the provider, and comes back from; undefined where the provider offers no such page. */
  logoutAddress(): Promise<string | undefined>;
}

type OidcConfig = NonNullable<Config['oidc']>;

const TIMEOUT_SECONDS = 5;

/** The provider is asked for its addresses once, and again when that failed; the log says why, callers only that it did. */
export function createOpenId(oidc: OidcConfig, publicUrl: string, log: Pick<Logger, 'warn'>): OpenId {
  const redirectUri = `${publicUrl}${CALLBACK_PATH}`;
  let discovered: Promise<client.Configuration> | undefined;

  function provider(): Promise<client.Configuration> {
    discovered ??= discover(oidc).catch((error: unknown) => {
      discovered = undefined;
      log.warn(
        { err: error },
        'the login provider cannot be used: see OIDC_ISSUER, and OIDC_PRIVATE_HOSTS for an inner address',
      );
      throw new AppError('UNAVAILABLE', 'The login provider does not answer: try again in a moment, or use a token.', {
        cause: error,
      });
    });
    return discovered;
  }

  return {
    async begin() {
      const configuration = await provider();
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const address = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: oidc.scopes,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      });
      return { address: address.toString(), attempt };
    },
    async finish(query, { state, nonce, verifier }) {
      const configuration = await provider();
      try {
        const checks = {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        };
        const tokens = await client.authorizationCodeGrant(configuration, new URL(`${redirectUri}?${query}`), checks);
        return { ...tokens.claims() };
      } catch (error) {
        throw new AppError('UNAUTHENTICATED', 'The login did not succeed: begin it again.', { cause: error });
      }
    },
    async logoutAddress() {
      const configuration = await provider();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: `${publicUrl}/` }).toString();
    },
  };
}

function discover({ issuer, clientId, clientSecret, privateHosts }: OidcConfig): Promise<client.Configuration> {
  const authentication = clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret);
  // by http only where the operator has written so: a provider on the same machine
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  return client.discovery(new URL(issuer), clientId, undefined, authentication, {
    execute,
    timeout: TIMEOUT_SECONDS,
    [client.customFetch]: createProviderFetch(privateHosts, TIMEOUT_SECONDS * 1_000),
  });
}
