import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { Passwords, SignIn, Tokens } from '#auth';
import { CountedSets, MemberIndex, Memberships } from '#counters';
import { FollowLookup, ProfileCounts, UserDirectory, UserResolver } from '#http';
import { IdGenerator } from '#ids';
import { Presenter, ViewCounting } from '#presentation';
import { AuthorTimelineStore, ReplyStore, UserStore } from '#storage';
import { Runtime } from './runtime.ts';

/** Hands the runtime's parts to Nest, each under its own class. */
@Global()
@Module({})
export class RuntimeModule {
  static of(runtime: Runtime): DynamicModule {
    const { stores } = runtime;
    const parts: [token: abstract new (...args: never[]) => unknown, value: unknown][] = [
      [Runtime, runtime],
      [IdGenerator, runtime.ids],
      [UserStore, stores.users],
      [AuthorTimelineStore, stores.timelines],
      [ReplyStore, stores.replies],
      [Tokens, runtime.tokens],
      [Passwords, runtime.passwords],
      [SignIn, runtime.signIn],
      [CountedSets, runtime.sets],
      [Memberships, runtime.memberships],
      [MemberIndex, runtime.memberIndex],
      [Presenter, runtime.presenter],
      [ViewCounting, runtime.views],
      [UserDirectory, runtime.directory],
      [UserResolver, new UserResolver(runtime.directory)],
      [ProfileCounts, runtime.profileCounts],
      [FollowLookup, runtime.follows],
    ];
    const providers: Provider[] = parts.map(([provide, useValue]) => ({ provide, useValue }));
    return { module: RuntimeModule, providers, exports: providers };
  }
}
