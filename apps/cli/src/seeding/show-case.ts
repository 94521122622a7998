import type { SeedPlan } from './seed-plan.ts';

/** Three accounts worth looking at, and how. */
export function describeShowCase({ handles, follows }: SeedPlan, base: string): string {
  const followers = new Uint32Array(handles.length);
  const following = new Uint32Array(handles.length);
  for (const [a, b] of follows) {
    following[a] = (following[a] ?? 0) + 1;
    followers[b] = (followers[b] ?? 0) + 1;
  }
  const all = handles.map((handle, i) => ({ handle, followers: followers[i] ?? 0, following: following[i] ?? 0 }));
  const celebrity = max(all, (user) => user.followers);
  const heavy = max(all, (user) => user.following);
  const fans = follows.filter(([, b]) => handles[b] === celebrity?.handle).flatMap(([a]) => all[a] ?? []);
  const ordinary = fans.sort((a, b) => a.following - b.following)[Math.floor(fans.length / 2)] ?? heavy;
  if (!celebrity || !heavy || !ordinary) return '';
  return [
    '',
    `a celebrity        @${celebrity.handle} (${celebrity.followers} followers)`,
    `a heavy follower   @${heavy.handle} (follows ${heavy.following})`,
    `an ordinary user   @${ordinary.handle} (follows ${ordinary.following}, the celebrity among them)`,
    '',
    'The hybrid merge at work, in the feed of the ordinary user:',
    `  TOKEN=$(npm run --silent token -- --handle ${ordinary.handle})`,
    `  curl -s -H "Authorization: Bearer $TOKEN" '${base}/v1/feed?limit=10'`,
    `  curl -s ${base}/v1/users/@${celebrity.handle}/posts?limit=3      # pulled in when read, once the celebrity is promoted`,
    `  npm run --silent feed -- audit @${ordinary.handle}               # what was pushed into the inbox`,
  ].join('\n');
}

function max<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best !== undefined && value(best) >= value(item) ? best : item),
    undefined,
  );
}
