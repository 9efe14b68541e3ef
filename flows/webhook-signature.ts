import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedRequest {
  /** As it was sent, byte by byte. */
  readonly body: string;
  /** A header's value, '' where it is absent. */
  readonly header: (name: string) => string;
}

export interface SignatureRule {
  readonly secret: string;
  readonly scheme: 'hmac-sha256' | 'bearer';
  readonly replayWindowSeconds?: number | undefined;
}

/**
 * Why a request does not prove that its sender knows the secret; null where it does.
 *
 * `hmac-sha256` is GitHub's: `X-Hub-Signature-256: sha256=<hex>` over the body. With a replay window the time is signed too:
 * `X-Webhook-Timestamp: <Unix seconds>`, and the signature is over `<timestamp>.<body>`. `bearer` compares
 * `X-Webhook-Token: <secret>` (or `Authorization: Bearer <secret>`, where the service itself asks for no token).
 */
export function signatureProblem({ body, header }: SignedRequest, rule: SignatureRule, now: Date): string | null {
  const { secret, scheme, replayWindowSeconds } = rule;
  if (scheme === 'bearer') {
    const token = header('x-webhook-token') || header('authorization').replace(/^bearer /i, '');
    return isEqual(token, secret) ? null : 'The token in X-Webhook-Token is not the one of this webhook';
  }
  const timestamp = header('x-webhook-timestamp');
  if (replayWindowSeconds !== undefined) {
    const age = Math.abs(now.getTime() / 1000 - Number(timestamp));
    if (!/^\d{1,12}$/.test(timestamp)) return 'X-Webhook-Timestamp is missing: Unix seconds, signed with the body';
    if (age > replayWindowSeconds) return `The request is older than ${replayWindowSeconds} s: it may be a replay`;
  }
  const signed = replayWindowSeconds === undefined ? body : `${timestamp}.${body}`;
  const expected = `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
  return isEqual(header('x-hub-signature-256'), expected)
    ? null
    : 'X-Hub-Signature-256 does not fit the body and the secret of this webhook';
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
