export { AccountsModule, ProfilesModule } from './accounts/accounts.module.ts';
export { SocialModule } from './social.module.ts';
