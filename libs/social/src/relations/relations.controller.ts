import { Controller, Delete, Inject, Param, Put } from '@nestjs/common';
import {
  blockState,
  type BlockState,
  Endpoint,
  followState,
  type FollowState,
  muteState,
  type MuteState,
  type UserReference,
  userReference,
  UserResolver,
  Viewer,
} from '#http';
import type { UserId } from '#ids';
import { RelationsWriter } from './relations-writer.ts';

const ANOTHER = { schema: userReference };

@Controller('v1/users/:user')
export class RelationsController {
  constructor(
    @Inject(RelationsWriter) private readonly relations: RelationsWriter,
    @Inject(UserResolver) private readonly users: UserResolver,
  ) {}

  @Put('follow')
  @Endpoint({
    tag: 'relations',
    summary: 'Follow a user',
    answers: { 200: followState },
    errors: ['not_found', 'self_follow', 'blocked'],
  })
  async follow(@Viewer() viewer: UserId, @Param('user', ANOTHER) user: UserReference): Promise<FollowState> {
    await this.relations.follow(viewer, (await this.users.get(user)).id);
    return { following: true };
  }

  @Delete('follow')
  @Endpoint({
    tag: 'relations',
    summary: 'Follow a user no longer',
    answers: { 200: followState },
    errors: ['not_found'],
  })
  async unfollow(@Viewer() viewer: UserId, @Param('user', ANOTHER) user: UserReference): Promise<FollowState> {
    await this.relations.unfollow(viewer, (await this.users.get(user)).id);
    return { following: false };
  }

  @Put('block')
  @Endpoint({
    tag: 'relations',
    summary: 'Block a user',
    description: 'Hides both from each other and removes both follows; lifting it restores nothing.',
    answers: { 200: blockState },
    errors: ['not_found', 'self_block'],
  })
  async block(@Viewer() viewer: UserId, @Param('user', ANOTHER) user: UserReference): Promise<BlockState> {
    await this.relations.block(viewer, (await this.users.get(user)).id);
    return { blocked: true };
  }

  @Delete('block')
  @Endpoint({ tag: 'relations', summary: 'Lift a block', answers: { 200: blockState }, errors: ['not_found'] })
  async unblock(@Viewer() viewer: UserId, @Param('user', ANOTHER) user: UserReference): Promise<BlockState> {
    await this.relations.unblock(viewer, (await this.users.get(user)).id);
    return { blocked: false };
  }

  @Put('mute')
  @Endpoint({
    tag: 'relations',
    summary: 'Mute a user',
    description: 'Hides their posts and reposts of them from one’s feed; the follow stays.',
    answers: { 200: muteState },
    errors: ['not_found', 'self_mute'],
  })
  async mute(@Viewer() viewer: UserId, @Param('user', ANOTHER) user: UserReference): Promise<MuteState> {
    await this.relations.mute(viewer, (await this.users.get(user)).id);
    return { muted: true };
  }

  @Delete('mute')
  @Endpoint({ tag: 'relations', summary: 'Lift a mute', answers: { 200: muteState }, errors: ['not_found'] })
  async unmute(@Viewer() viewer: UserId, @Param('user', ANOTHER) user: UserReference): Promise<MuteState> {
    await this.relations.unmute(viewer, (await this.users.get(user)).id);
    return { muted: false };
  }
}
