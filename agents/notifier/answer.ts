/** What a channel said to one try. */
export type Answer =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'refused';
      /** Never holds the address. */
      readonly reason: string;
      readonly retryable: boolean;
      readonly retryAfterMs: number | undefined;
    };
