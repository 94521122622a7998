import { errors, types } from 'cassandra-driver';
import { isAppError, unavailable } from '#kernel';

const codes = types.responseErrorCodes;

/** Answers of a coordinator after which a write may have been made, or may be made yet. */
const DOUBTS = new Set<number>([
  codes.serverError,
  codes.writeTimeout,
  codes.readTimeout,
  codes.writeFailure,
  codes.readFailure,
]);

const OUTAGES = new Set<number>([
  ...DOUBTS,
  codes.unavailableException,
  codes.overloaded,
  codes.isBootstrapping,
  codes.truncateError,
]);

/**
 * The driver's error as the ports promise it: `unavailable` with the error as its cause for outages and overload;
 * mistakes of ours (a wrong statement, a value of a wrong type) stay what they are.
 */
export function failureOf(error: unknown): unknown {
  return isOutage(error) ? unavailable('the store is not available at the moment', { cause: error }) : error;
}

/** Whether a failure leaves open what became of the request: false where no node can have worked on it. */
export function leavesInDoubt(failure: unknown): boolean {
  return isAppError(failure, 'unavailable') && isDoubt(failure.cause);
}

function isDoubt(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return DOUBTS.has(error.code);
  if (error instanceof errors.NoHostAvailableError) return Object.values(error.innerErrors as object).some(isDoubt);
  return error instanceof errors.OperationTimedOutError || isSocketError(error);
}

function isOutage(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return OUTAGES.has(error.code);
  return (
    error instanceof errors.NoHostAvailableError ||
    error instanceof errors.OperationTimedOutError ||
    error instanceof errors.BusyConnectionError ||
    isSocketError(error)
  );
}

function isSocketError(error: unknown): boolean {
  return error instanceof Error && 'isSocketError' in error;
}
