import { AppError } from '../contracts/errors.ts';

/**
 * Whether a workflow itself refuses a start: its input schema, its state, a mapping that does not fit what arrived. It would
 * refuse the next time too, so there is no use in sending it again.
 */
export function isRefusal(error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false;
  return error.status < 500 || error.code === 'TEMPLATE_ERROR' || error.code === 'EXPRESSION_ERROR';
}
