import { policies } from 'cassandra-driver';

type DecisionInfo = policies.retry.DecisionInfo;
type OperationInfo = policies.retry.OperationInfo;

/** A timeout or an outage that a coordinator reports. */
const REPORTED_MAX = 2;
/** A node that went away or is too busy: there may be two of them. */
const REQUEST_ERRORS_MAX = 3;

/**
 * Repeats what is marked as repeatable, and that more often than the driver does by itself: it would give up on a plain
 * write whose replicas were late although writing it once more is harmless.
 */
export class RepeatPolicy extends policies.retry.RetryPolicy {
  override onUnavailable(info: OperationInfo): DecisionInfo {
    return this.#repeat(info, REPORTED_MAX, false);
  }

  override onReadTimeout(info: OperationInfo): DecisionInfo {
    return this.#repeat(info, REPORTED_MAX, true);
  }

  /** A conditional write that was late competes with others: `Conditional` repeats it after a pause. */
  override onWriteTimeout(info: OperationInfo, ...[, , , type]: WriteTimeout): DecisionInfo {
    return type === 'CAS' ? this.rethrowResult() : this.#repeat(info, REPORTED_MAX, true);
  }

  override onRequestError(info: OperationInfo): DecisionInfo {
    return this.#repeat(info, REQUEST_ERRORS_MAX, false);
  }

  #repeat({ nbRetry, executionOptions }: OperationInfo, timesMax: number, sameNode: boolean): DecisionInfo {
    const may = nbRetry < timesMax && executionOptions.isIdempotent();
    const sameConsistency = executionOptions.getConsistency();
    return may ? this.retryResult(sameConsistency, sameNode) : this.rethrowResult();
  }
}

type WriteTimeout = [consistency: number, received: number, blockFor: number, writeType: string];
