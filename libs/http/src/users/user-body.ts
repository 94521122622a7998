import { timeOf } from '#ids';
import type { User } from '#storage';
import type { UserBody } from '../schemas/index.ts';
import type { ProfileNumbers } from './profile-counts.ts';

/** A user in the contract's form. */
export function userBody({ id, handle, displayName }: User, numbers: ProfileNumbers): UserBody {
  const { followerCount, followingCount, postCount } = numbers;
  const createdAt = new Date(timeOf(id)).toISOString();
  return { id: String(id), handle, displayName, createdAt, followerCount, followingCount, postCount };
}
