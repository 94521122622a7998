import type { LocalServer } from '#local-stack';

/** One process of the cluster. */
export interface Part {
  readonly name: string;
  /** How others reach it. */
  readonly address: string;
  readonly server: LocalServer;
}

/**
 * In the order in which they end: services answer what is under way through the edge; then the worker finishes its jobs;
 * the queue sees its last write, and Cassandra everybody's.
 */
export const ROLES = ['services', 'edge', 'workers', 'redis', 'queue', 'cassandra'] as const;
export type Role = (typeof ROLES)[number];
