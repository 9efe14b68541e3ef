/** A real OpenID Connect provider on loopback; whoever logs in as `<name>` has the claims of `people`. */
export function startLoginProvider(settings: {
  readonly redirectUri: string;
  readonly people: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly secret?: string;
}): Promise<{ readonly issuer: string; stop(): Promise<void> }>;
