import { errors, types } from 'cassandra-driver';
import { unavailable } from '#kernel';

const {
  serverError,
  unavailableException,
  overloaded,
  isBootstrapping,
  truncateError,
  writeTimeout,
  readTimeout,
  readFailure,
  writeFailure,
} = types.responseErrorCodes;

const OUTAGES = new Set<number>([
  serverError,
  unavailableException,
  overloaded,
  isBootstrapping,
  truncateError,
  writeTimeout,
  readTimeout,
  readFailure,
  writeFailure,
]);

/**
 * The driver's error as the ports promise it: `unavailable` with the error as its cause for outages and overload;
 * mistakes of ours (a wrong statement, a value of a wrong type) stay what they are.
 */
export function failureOf(error: unknown): unknown {
  return isOutage(error) ? unavailable('the store is not available at the moment', { cause: error }) : error;
}

function isOutage(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return OUTAGES.has(error.code);
  return (
    error instanceof errors.NoHostAvailableError ||
    error instanceof errors.OperationTimedOutError ||
    error instanceof errors.BusyConnectionError ||
    (error instanceof Error && 'isSocketError' in error)
  );
}
