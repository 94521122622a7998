import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import { type IssuedToken, SignIn, Tokens } from '#auth';
import {
  clientOf,
  type Credentials,
  credentials,
  Endpoint,
  ProfileCounts,
  registered,
  type RegisteredBody,
  type Registration,
  registration,
  type Request,
  session,
  type SessionBody,
  userBody,
} from '#http';
import { Accounts } from './accounts.ts';

/** The two ways in: an account, or a token for one. */
@Controller('v1')
export class EntryController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(SignIn) private readonly signIns: SignIn,
    @Inject(Tokens) private readonly tokens: Tokens,
    @Inject(ProfileCounts) private readonly counts: ProfileCounts,
  ) {}

  @Post('users')
  @Endpoint({
    tag: 'accounts',
    summary: 'Register',
    token: 'optional',
    limit: 'entry',
    answers: { 201: registered },
    errors: ['handle_taken'],
  })
  async register(@Body({ schema: registration }) body: Registration): Promise<RegisteredBody> {
    const account = await this.accounts.register(body);
    const [numbers, issued] = await Promise.all([
      this.counts.load(account.id),
      this.tokens.issue({ userId: account.id }),
    ]);
    return { user: userBody(account, numbers), ...sessionBody(issued) };
  }

  @Post('sessions')
  @Endpoint({
    tag: 'accounts',
    summary: 'Sign in',
    token: 'optional',
    limit: 'entry',
    answers: { 201: session },
    errors: ['bad_credentials'],
  })
  async signIn(@Body({ schema: credentials }) body: Credentials, @Req() request: Request): Promise<SessionBody> {
    const userId = await this.signIns.signIn(body.handle, body.password, clientOf(request.ip));
    return sessionBody(await this.tokens.issue({ userId }));
  }
}

const sessionBody = ({ token, expiresAtMs }: IssuedToken): SessionBody => ({
  token,
  expiresAt: new Date(expiresAtMs).toISOString(),
});
