import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Endpoint } from '#http';
import { Importer } from './importer.ts';
import {
  followImport,
  type FollowImport,
  imported,
  type Imported,
  importedUsers,
  type ImportedUsers,
  postImport,
  type PostImport,
  userImport,
  type UserImport,
} from './imports.schema.ts';

/** Bulk loading, for seeds and migrations. */
@Controller('v1/ops/import')
export class ImportsController {
  constructor(@Inject(Importer) private readonly importer: Importer) {}

  @Post('users')
  @HttpCode(200)
  @Endpoint({
    tag: 'operations',
    summary: 'Make or find users',
    description: 'They share the hash of a random password that is kept nowhere.',
    opsScope: true,
    answers: { 200: importedUsers },
  })
  async users(@Body({ schema: userImport }) { handles }: UserImport): Promise<ImportedUsers> {
    const users = await this.importer.importUsers(handles);
    return { users: users.map((user) => ({ ...user, id: String(user.id) })) };
  }

  @Post('follows')
  @HttpCode(200)
  @Endpoint({
    tag: 'operations',
    summary: 'Make follows',
    description: 'Follows of oneself and between blocked users are left out; those that are there stay as they are.',
    opsScope: true,
    answers: { 200: imported },
  })
  async follows(@Body({ schema: followImport }) { follows }: FollowImport): Promise<Imported> {
    return { imported: await this.importer.importFollows(follows) };
  }

  @Post('posts')
  @HttpCode(200)
  @Endpoint({ tag: 'operations', summary: 'Make posts', opsScope: true, answers: { 200: imported } })
  async posts(@Body({ schema: postImport }) { posts }: PostImport): Promise<Imported> {
    return { imported: await this.importer.importPosts(posts) };
  }
}
