import { Body, Controller, Get, Inject, Param, Patch, Req, Res } from '@nestjs/common';
import {
  Endpoint,
  etagOf,
  FollowLookup,
  isUnchanged,
  MaybeViewer,
  profile,
  type ProfileBody,
  type ProfileChange,
  profileChange,
  ProfileCounts,
  type Reply,
  type Request,
  user,
  userBody,
  type UserBody,
  type UserReference,
  userReference,
  UserResolver,
  Viewer,
} from '#http';
import type { UserId } from '#ids';
import type { User } from '#storage';
import { Accounts } from './accounts.ts';

/** One's own account, and what others see of it. */
@Controller('v1')
export class ProfilesController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(UserResolver) private readonly users: UserResolver,
    @Inject(ProfileCounts) private readonly counts: ProfileCounts,
    @Inject(FollowLookup) private readonly follows: FollowLookup,
  ) {}

  @Get('me')
  @Endpoint({ tag: 'accounts', summary: "One's own account", answers: { 200: user } })
  async own(@Viewer() viewer: UserId): Promise<UserBody> {
    return this.#bodyOf(await this.accounts.getOwn(viewer));
  }

  @Patch('me')
  @Endpoint({ tag: 'accounts', summary: "Change one's own account", answers: { 200: user } })
  async change(@Viewer() viewer: UserId, @Body({ schema: profileChange }) body: ProfileChange): Promise<UserBody> {
    return this.#bodyOf(await this.accounts.change(viewer, body));
  }

  @Get('users/:user')
  @Endpoint({
    tag: 'accounts',
    summary: 'A user',
    token: 'optional',
    returnsJson: true,
    headers: { 'If-None-Match': 'The ETag of an earlier answer: 304 while it is the same.' },
    answers: { 200: profile, 304: null },
    errors: ['not_found'],
  })
  async find(
    @Param('user', { schema: userReference }) reference: UserReference,
    @MaybeViewer() viewer: UserId | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string | undefined> {
    const found = await this.users.get(reference);
    const [body, following] = await Promise.all([
      this.#bodyOf(found),
      viewer === undefined ? null : this.follows.isFollowing(viewer, found.id),
    ]);
    const json = JSON.stringify({ ...body, following } satisfies ProfileBody);
    return isUnchanged(etagOf(json), request, reply) ? undefined : json;
  }

  async #bodyOf(found: User): Promise<UserBody> {
    return userBody(found, await this.counts.load(found.id));
  }
}
