import type { PostId } from '#ids';
import type { ViewGain } from '#storage';

/** A part of what a flush took out of a bucket. */
export interface TakenGains {
  readonly flushId: bigint;
  readonly gains: ViewGain[];
  /** Where the next part begins; undefined after the last. */
  readonly next: string | undefined;
}

/**
 * Where views wait, in buckets on different nodes, until they are folded into the store. Losing it loses the views of
 * one flush interval and nothing else. Every method rejects with `unavailable` when it can't be reached.
 */
export abstract class ViewBuffer {
  /** How many buckets there are: they are numbered from 0, and only ever become more. */
  abstract buckets(): Promise<number>;

  /** Makes more buckets; where there are as many already, nothing happens. */
  abstract growTo(buckets: number): Promise<void>;

  /** Adds to a bucket. An add without an answer may have happened: repeating it could count twice. */
  abstract add(bucket: number, gains: readonly ViewGain[]): Promise<void>;

  /** What waits of each post in all buckets, taken or not. */
  abstract waiting(posts: readonly PostId[]): Promise<number[]>;

  /**
   * Sets a bucket's gains aside in one piece, under a flush id greater than the ones before; what is added from now on
   * waits for the next flush. Nothing happens when gains are still set aside, or when there are none.
   */
  abstract take(bucket: number): Promise<void>;

  /**
   * What has been set aside for at least `restMs`, in parts, from the beginning or from `next`; a post may come twice.
   * Undefined when nothing has, or when the flush that `next` was of is finished.
   */
  abstract listTaken(bucket: number, from: string | undefined, restMs?: number): Promise<TakenGains | undefined>;

  /** Forgets what is set aside under this id; nothing happens when that has been done. */
  abstract finish(bucket: number, flushId: bigint): Promise<void>;
}
