import { pageJson } from './page-json.ts';

const item = (text: string) => JSON.stringify({ text });
const parse = (page: Buffer) => JSON.parse(page.toString()) as unknown;

describe('pageJson', () => {
  it('puts items, cursor and state together', () => {
    expect(pageJson([item('a'), item('b')], 'c', 'complete').toString()).toBe(
      '{"items":[{"text":"a"},{"text":"b"}],"nextCursor":"c","state":"complete"}',
    );
    expect(pageJson([], null).toString()).toBe('{"items":[],"nextCursor":null}');
  });

  it.each([1, 1_000, 30_000, 90_000])('keeps each page as it is while others are made, at %d characters', (length) => {
    const texts = Array.from({ length: 40 }, (_, i) => `${i}${'aä漢😀'[i % 4] ?? ''}`.padEnd(length, 'é漢'));
    const pages = texts.map((text) => pageJson([item(text)], null));
    expect(pages.map(parse)).toEqual(texts.map((text) => ({ items: [{ text }], nextCursor: null })));
  });
});
