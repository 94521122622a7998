import { ID_MAX } from '#ids';
import { decodePosition, encodePosition } from './position.ts';

describe('Position', () => {
  it('comes back as it was', () => {
    const position = { generation: 6, shard: 4095, member: ID_MAX };
    expect(decodePosition(encodePosition(position))).toEqual(position);
  });

  it('is not found in other bytes', () => {
    expect(decodePosition(Buffer.alloc(10))).toBeUndefined();
    expect(decodePosition(Buffer.alloc(0))).toBeUndefined();
  });
});
