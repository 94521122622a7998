import { allTechniques, type Techniques } from '#hot-cache';

/** What can be switched off, each alone, to see what it is good for: the cache's own techniques and those around it. */
export type Technique = keyof Techniques | (typeof AROUND)[number];

const AROUND = ['replicaReads', 'lastKnown', 'storeGuard', 'announceAhead', 'warmStart', 'jsonBytes'] as const;

export const TECHNIQUES: readonly Technique[] = [...(Object.keys(allTechniques) as (keyof Techniques)[]), ...AROUND];
