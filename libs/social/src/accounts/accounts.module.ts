import { Module } from '@nestjs/common';
import { Accounts } from './accounts.ts';
import { EntryController } from './entry.controller.ts';
import { ProfilesController } from './profiles.controller.ts';

/**
 * Profiles, one's own and others'. Takes from the application: UserStore, UserDirectory, UserResolver, ProfileCounts,
 * FollowLookup, Passwords, IdGenerator.
 */
@Module({ controllers: [ProfilesController], providers: [Accounts], exports: [Accounts] })
export class ProfilesModule {}

/** Registration and sign-in beside that. Takes SignIn and Tokens as well. */
@Module({ imports: [ProfilesModule], controllers: [EntryController] })
export class AccountsModule {}
