/**
 * How a value travels to the shared tier and back. `decode` must give what `encode` got, frozen: cached values are handed
 * to every reader. It may throw on bytes it does not know (another release wrote them): they then count as a miss.
 */
export interface ValueCodec<V> {
  encode(value: V): Buffer;
  decode(bytes: Buffer): V;
}

/**
 * JSON for plain values, bigints included: a string that starts with `~` gets another one in front, and a bigint becomes
 * `~` and its digits. Cost: JSON's own, and one walk that restores and freezes.
 */
export function jsonCodec<V>(): ValueCodec<V> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(value, hide)),
    decode: (bytes) => restore(JSON.parse(bytes.toString('utf8'))) as V,
  };
}

/**
 * Bytes as they are. They are copied out of the reply into memory of their own: a slice would keep the whole network
 * chunk (64 KiB) alive for as long as the entry lives, and a pooled copy its 8 KiB slab.
 */
export const bytesCodec: ValueCodec<Buffer> = {
  encode: (value) => value,
  decode(bytes) {
    const own = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(own);
    return own;
  },
};

function hide(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `~${value}`;
  return typeof value === 'string' && value.startsWith('~') ? `~${value}` : value;
}

function restore(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('~') ? restoreText(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const inner = record[key];
    const restored = restore(inner);
    // A plain assignment to `__proto__` would change the prototype instead of the property.
    if (restored !== inner) Object.defineProperty(record, key, { value: restored, enumerable: true });
  }
  return Object.freeze(value);
}

function restoreText(text: string): string | bigint {
  return text.startsWith('~~') ? text.slice(1) : BigInt(text.slice(1));
}
