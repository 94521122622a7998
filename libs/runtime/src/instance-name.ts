import type { Chance } from '#kernel';

const DIGITS = 6;

/** Unique for each start of a process, and short enough to be read: `post-service-k3f9a2`. */
export function instanceName(service: string, chance: Chance): string {
  const digits = Array.from({ length: DIGITS }, () => Math.floor(chance() * 36).toString(36));
  return `${service}-${digits.join('')}`;
}
