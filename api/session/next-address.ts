import { z } from 'zod';

/** Only an address of our own: a login must not be a way to send people elsewhere. */
export const nextAddress = z
  .string()
  .regex(/^\/(?![/\\])[\w./-]*$/)
  .max(2000)
  .catch('/');
