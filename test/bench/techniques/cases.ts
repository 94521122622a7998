import type { Technique } from '#config';
import * as trial from './trials.ts';

/** One technique, and the trial that shows what it is good for. */
export interface Case {
  readonly technique: Technique;
  readonly what: string;
  readonly trial: trial.Trial;
  /** Switched off in both measurements: what stands before it and would hide it. */
  readonly beside?: readonly Technique[];
}

const BELOW_L1 = ['localTier', 'keyLimit'] as const;

export const CASES: readonly Case[] = [
  {
    technique: 'localTier',
    what: 'Redis commands/s, readers x 10',
    trial: trial.redisTenfold,
    beside: ['singleFlight', 'keyLimit'],
  },
  { technique: 'singleFlight', what: 'Redis commands/s', trial: trial.redisCalls, beside: BELOW_L1 },
  { technique: 'lease', what: 'loads after a change', trial: trial.loadsOfAChange },
  { technique: 'staleWhileRevalidate', what: 'reads/s that wait', trial: trial.readersWhoWait },
  { technique: 'earlyRefresh', what: 'stale answers of Redis', trial: trial.staleAnswers },
  { technique: 'negatives', what: 'loads/s, the post deleted', trial: trial.readsOfADeletedPost },
  { technique: 'invalidationBus', what: 'ms a deleted post still shows', trial: trial.shownAfterDeletion },
  { technique: 'detection', what: 'ms until operators see its name', trial: trial.namedAfter },
  { technique: 'hotRoom', what: 'processes in which it has a place', trial: trial.roomForIt },
  {
    technique: 'copies',
    what: 'reads of it: busiest Redis node / mean of six',
    trial: trial.nodeSkew,
    beside: BELOW_L1,
  },
  {
    technique: 'replicaReads',
    what: 'reads of it: busiest Redis node / mean of six',
    trial: trial.nodeSkew,
    beside: BELOW_L1,
  },
  {
    technique: 'keyLimit',
    what: 'Redis commands/s',
    trial: trial.redisCalls,
    beside: ['localTier', 'singleFlight', 'copies'],
  },
  { technique: 'prewarm', what: 'processes that have it, unread', trial: trial.prewarmed },
  { technique: 'announceAhead', what: 'processes that have it, unread', trial: trial.announced },
  { technique: 'jsonBytes', what: 'us of CPU for a read', trial: trial.cpuPerRead },
  { technique: 'warmStart', what: 'starts that end with it in memory', trial: trial.warmWhenReady },
  { technique: 'lastKnown', what: 'failed reads, the store silent', trial: trial.failedWithoutStore },
  { technique: 'storeGuard', what: 'ms to an answer, the store silent', trial: trial.answerWithoutStore },
];
