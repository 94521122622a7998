import { isIPv6 } from 'node:net';

const MAPPED_V4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const PREFIX_GROUPS = 4;

/** What counts as one client by address: an IPv4 address, or the /64 of an IPv6 address, which is one customer's. */
export function clientOf(address: string): string {
  const bare = MAPPED_V4.exec(address)?.[1] ?? address;
  return isIPv6(bare) ? `${prefixOf(bare)}::/64` : bare;
}

function prefixOf(address: string): string {
  const [head = [], tail] = (address.split('%', 1)[0] ?? '').split('::', 2).map(groupsOf);
  const zeros = tail === undefined ? 0 : GROUPS - head.length - tail.length;
  return [...head, ...Array<string>(zeros).fill('0'), ...(tail ?? [])].slice(0, PREFIX_GROUPS).join(':');
}

/** Without leading zeros; an IPv4 tail stands for two groups. */
function groupsOf(part: string): string[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [parseInt(group, 16).toString(16)]));
}
