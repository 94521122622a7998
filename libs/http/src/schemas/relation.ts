import * as z from 'zod';

export const followState = z.strictObject({ following: z.boolean() }).meta({ id: 'FollowState' });
export const blockState = z.strictObject({ blocked: z.boolean() }).meta({ id: 'BlockState' });
export const muteState = z.strictObject({ muted: z.boolean() }).meta({ id: 'MuteState' });
export const likeState = z
  .strictObject({ liked: z.boolean(), likeCount: z.int().nonnegative() })
  .meta({ id: 'LikeState' });

export type FollowState = z.output<typeof followState>;
export type BlockState = z.output<typeof blockState>;
export type MuteState = z.output<typeof muteState>;
export type LikeState = z.output<typeof likeState>;
