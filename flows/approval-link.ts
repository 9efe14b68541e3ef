import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a link says: which link it is, of which approval, and until when it counts. */
const claimsSchema = z.strictObject({
  link: z.uuid(),
  approval: z.uuid(),
  run: z.uuid(),
  node: z.string(),
  /** in seconds since 1970 */
  expires: z.int(),
});
export type LinkClaims = z.output<typeof claimsSchema>;

/** How links are made: where they lead to, and the key that signs them. */
export interface LinkSettings {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Absent: there are no links. */
  readonly key?: string | undefined;
}

/** The address that lets whoever has it decide, once. */
export function linkAddress(claims: LinkClaims, publicUrl: string, key: string): string {
  const said = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${publicUrl}/decide/${said}.${signatureOf(said, key).toString('base64url')}`;
}

/** What the last part of the address says; null unless it was signed with this key. That it still counts is not said by that. */
export function readLink(token: string, key: string): LinkClaims | null {
  const [said = '', signature = '', ...more] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const wanted = signatureOf(said, key);
  if (more.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  return claimsSchema.parse(JSON.parse(Buffer.from(said, 'base64url').toString('utf8')));
}

function signatureOf(said: string, key: string): Buffer {
  return createHmac('sha256', key).update(`approval link ${said}`).digest();
}

/** Where people with a login find the approval; announcements hold it where a link will be. */
export function approvalAddress(approvalId: string, publicUrl: string): string {
  return `${publicUrl}/approvals#${approvalId}`;
}
