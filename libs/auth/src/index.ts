export type { Identity, IssuedToken } from './identity.ts';
export { type PasswordCost, Passwords } from './passwords.ts';
export { SignIn } from './sign-in.ts';
export { SignInThrottle } from './sign-in-throttle.ts';
export { Tokens, type TokensOptions } from './tokens.ts';
