import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import * as z from 'zod';
import { Endpoint, idText, type UserReference, userReference, UserResolver } from '#http';
import { FeedRepair } from './feed-repair.ts';

const ids = z.array(idText);

const feedAudit = z
  .strictObject({
    inbox: z.enum(['warm', 'cold', 'building']),
    entries: z.int().nonnegative(),
    floor: z.string().describe('The inbox is complete for posts with greater ids.'),
    missing: ids.describe('Posts that belong into the inbox and are not there.'),
    extra: ids.describe('Entries that no reader is shown: of authors not followed any more, or of deleted posts.'),
  })
  .meta({ id: 'FeedAudit' });
type FeedAuditBody = z.output<typeof feedAudit>;

const AUDITED_ENTRIES_MAX = 2000;

/** Inboxes of single viewers, for operators. */
@Controller('v1/ops/feeds/:user')
export class FeedRepairController {
  constructor(
    @Inject(FeedRepair) private readonly repair: FeedRepair,
    @Inject(UserResolver) private readonly users: UserResolver,
  ) {}

  @Get('audit')
  @Endpoint({
    tag: 'operations',
    summary: 'Compare a viewer’s inbox with the truth',
    opsScope: true,
    answers: { 200: feedAudit },
    errors: ['not_found'],
  })
  async audit(@Param('user', { schema: userReference }) user: UserReference): Promise<FeedAuditBody> {
    const { id } = await this.users.get(user);
    const { floor, missing, extra, ...audit } = await this.repair.audit(id, AUDITED_ENTRIES_MAX);
    return { ...audit, floor: String(floor), missing: missing.map(String), extra: extra.map(String) };
  }

  @Post('rebuild')
  @HttpCode(200)
  @Endpoint({
    tag: 'operations',
    summary: 'Build a viewer’s inbox anew',
    opsScope: true,
    answers: { 200: feedAudit },
    errors: ['not_found'],
  })
  async rebuild(@Param('user', { schema: userReference }) user: UserReference): Promise<FeedAuditBody> {
    await this.repair.rebuild((await this.users.get(user)).id);
    return this.audit(user);
  }
}
