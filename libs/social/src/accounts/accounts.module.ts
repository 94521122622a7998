import { Module } from '@nestjs/common';
import { Accounts } from './accounts.ts';
import { EntryController } from './entry.controller.ts';
import { ProfilesController } from './profiles.controller.ts';

/**
 * Registration, sign-in, profiles. Takes from the application: UserStore, UserDirectory, UserResolver, ProfileCounts,
 * FollowLookup, Passwords, SignIn, Tokens, IdGenerator.
 */
@Module({ controllers: [EntryController, ProfilesController], providers: [Accounts] })
export class AccountsModule {}
