import { isIP } from 'node:net';
import * as z from 'zod';
import type { RedisTarget } from './config.ts';
import { type Technique, TECHNIQUES } from './techniques.ts';

/** What one variable may hold. Every message completes the sentence "VARIABLE ...". */

export const text = z.string();
export const matching = (pattern: RegExp, error: string) => z.string().regex(pattern, error);

export const choice = <const Options extends readonly [string, ...string[]]>(options: Options) =>
  z.enum(options, { error: `must be one of ${options.join(', ')}` });

export function integer(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, error)
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error));
}

const DAY_MS = 86_400_000;
export const days = (max: number) => integer(1, max).transform((n) => n * DAY_MS);
export const hours = (max: number) => integer(1, max).transform((n) => n * (DAY_MS / 24));

/** Items between commas, white space around them ignored; at least one. */
const items = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

export function list(accepts: (item: string) => boolean, error: string) {
  return z
    .string()
    .transform(items)
    .refine((all) => all.length > 0 && all.every(accepts), error);
}

const SECRET_CHARACTERS_MIN = 8;
export const secret = z.string().min(SECRET_CHARACTERS_MIN, `must have ${SECRET_CHARACTERS_MIN} characters or more`);
export const secrets = list(
  (item) => item.length >= SECRET_CHARACTERS_MIN,
  `must be a comma list of secrets of ${SECRET_CHARACTERS_MIN} characters or more`,
);

const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);
export const proxies = list(
  isNetwork,
  'must be off or a comma list of addresses, networks (10.0.0.0/8), loopback, linklocal, uniquelocal',
);

function isNetwork(item: string): boolean {
  if (NAMED_NETWORKS.has(item)) return true;
  const [address = '', bits, ...rest] = item.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

export const hosts = list(
  (item) => /^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(item),
  'must be a comma list of host or host:port',
);

/** One URL is a server of its own; several are nodes of one Redis Cluster. */
export const redis = z
  .string()
  .transform((value) => items(value).map(withScheme))
  .refine((urls) => urls.length > 0 && urls.every(isRedisUrl), 'must be a redis:// or rediss:// URL, or a comma list')
  .transform((urls): RedisTarget =>
    urls.length === 1 ? { kind: 'single', url: urls[0] ?? '' } : { kind: 'cluster', urls },
  );

const withScheme = (item: string): string => (item.includes('://') ? item : `redis://${item}`);
const isRedisUrl = (url: string): boolean =>
  /^rediss?:\/\//.test(url) && URL.canParse(url) && new URL(url).hostname !== '';

const REPLICAS_MAX = 9;
/** `3` for the local data centre, or `dc1:3,dc2:2`. */
export const replication = z
  .string()
  .transform(items)
  .refine(
    (all) => all.length > 0 && all.every((item) => /^([\w-]+:)?[1-9]$/.test(item)) && isUnambiguous(all),
    `must be a number from 1 to ${REPLICAS_MAX} or a comma list of data-centre:number`,
  );

const isUnambiguous = (all: readonly string[]): boolean =>
  all.length === 1 ||
  (all.every((item) => item.includes(':')) && new Set(all.map((item) => item.split(':')[0])).size === all.length);

const isTechnique = (item: string): item is Technique => (TECHNIQUES as readonly string[]).includes(item);
export const techniques = z
  .string()
  .transform((value) => items(value).filter((item) => item !== 'nothing'))
  .refine((all) => all.every(isTechnique), `must be nothing or a comma list of ${TECHNIQUES.join(', ')}`)
  .transform((all) => all.filter(isTechnique));
