import { settle } from '#test';
import { JointReads } from './joint-reads.ts';

/** A source that answers when it is told to, with what it held when it was asked. */
class Source {
  readonly reads: (() => void)[] = [];
  value = 1;

  readonly read = (): Promise<number> => {
    const { value } = this;
    return new Promise((resolve) => this.reads.push(() => resolve(value)));
  };

  async answer(): Promise<void> {
    await settle();
    this.reads.shift()?.();
    await settle();
  }
}

describe('JointReads', () => {
  let joint: JointReads<number>;
  let source: Source;
  beforeEach(() => ([joint, source] = [new JointReads(), new Source()]));

  it('gives nobody what was read before they asked', async () => {
    const before = joint.get('replies', source.read);
    source.value = 2;
    const after = joint.get('replies', source.read);
    await source.answer();
    await source.answer();
    expect(await Promise.all([before, after])).toEqual([1, 2]);
  });

  it('reads once for all who came meanwhile, and anew for those who come later', async () => {
    const crowd = Array.from({ length: 1_000 }, () => joint.get('replies', source.read));
    await source.answer();
    expect(source.reads).toHaveLength(1);
    source.value = 2;
    crowd.push(joint.get('replies', source.read)); // the second read is under way
    await source.answer();
    await source.answer();
    const values = await Promise.all(crowd);
    expect([values.filter((value) => value === 1).length, values.at(-1), source.reads.length]).toEqual([1_000, 2, 0]);
    void joint.get('replies', source.read);
    expect(source.reads).toHaveLength(1);
  });

  it('goes on after a failure, which is only for those whose read it was', async () => {
    const failing = joint.get('replies', () => Promise.reject(new Error('away')));
    const next = joint.get('replies', source.read);
    await expect(failing).rejects.toThrow('away');
    await source.answer();
    expect(await next).toBe(1);
  });

  it('lets nobody wait for another thing', async () => {
    void joint.get('replies', source.read);
    void joint.get('likes', source.read);
    expect(source.reads).toHaveLength(2);
    await source.answer();
  });
});
